"""Profiles of ONNX Runtime: one event a node and call, nodes of control flow with what they run nested in them."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path
from typing import Any

import msgspec

from assay.errors import RecordError
from assay.record.enums import Backend
from assay.record.trace.lines import REQUEST
from assay.trace.foreign.documents import Loose, begins_with, decode_file
from assay.trace.foreign.events import Foreign, nest
from assay.trace.foreign.names import place_of
from assay.trace.foreign.opened import opened
from assay.trace.reading import Reader
from assay.trace.source import Trace, damaged

MOST_EVENTS = 1_000_000
"""ONNX Runtime keeps no more events, and says so in its log only."""

_KERNEL = "_kernel_time"
_RUN = "model_run"
_REMEDY = "profile fewer runs, end with end_profiling(), and give the file as it was written"


class _Event(Loose):
    cat: str
    name: str
    ts: int
    dur: int
    tid: int = 0
    args: dict[str, Any] = msgspec.field(default_factory=dict)


def recognises(head: bytes) -> bool:
    """An array of events of the categories Session and Node."""
    return head.lstrip().startswith(b"[") and begins_with(head, rb'"cat"\s*:\s*"(?:Session|Node)"')


def open_profile(path: Path) -> Trace:
    """The trace."""
    events = decode_file(path, list[_Event], "a profile of ONNX Runtime")
    if len(events) >= MOST_EVENTS:
        raise _refused(path, f"it holds {len(events):,} events, at which ONNX Runtime stops recording without a word")
    runs = sorted((each for each in events if each.cat == "Session" and each.name == _RUN), key=lambda each: each.ts)
    nodes = [each for each in events if each.cat == "Node" and each.name.endswith(_KERNEL)]
    if not runs:
        raise _refused(path, "no run of the model is whole in it: it was cut off or rotated")
    if min(each.ts for each in (*runs, *nodes)) < -(2**53) or any(each.dur < 0 for each in events):
        raise damaged(str(path), "times that no clock gives")
    found = _requests(runs)
    placed = _nodes(nodes, found, path)
    return opened(path, "onnxruntime", [*placed, *found], "ONNX Runtime's profiler, µs", backend=Backend.ONNXRUNTIME)


def _requests(runs: list[_Event]) -> list[Foreign]:
    return [
        Foreign(
            step=REQUEST, start_ns=each.ts * 1000, wall_ns=each.dur * 1000, thread=_thread(each), invocation=number
        )
        for number, each in enumerate(runs)
    ]  # fmt: skip


def _nodes(nodes: list[_Event], requests: list[Foreign], path: Path) -> list[Foreign]:
    """Nodes of every run, each thread's nested; a node outside of all runs means that the file is not whole."""
    starts = [each.start_ns for each in requests]
    by_thread: dict[int, list[Foreign]] = {}
    for each in nodes:
        number = _run_of(each.ts * 1000, starts)
        if number is None or each.ts * 1000 > requests[number].end_ns:
            raise _refused(path, f"node {each.name[:80]!r} ran in no run of the file: it was cut off or rotated")
        by_thread.setdefault(each.tid, []).append(_node(each, number))
    for mine in by_thread.values():
        nest(mine)
        for one in mine:
            one.kernel = _identity(one)
    return [one for mine in by_thread.values() for one in mine]


def _run_of(start_ns: int, starts: list[int]) -> int | None:
    place = bisect_right(starts, start_ns) - 1
    return place if place >= 0 else None


def _node(event: _Event, invocation: int) -> Foreign:
    name = event.name.removesuffix(_KERNEL)
    step, layer = place_of(name)
    index = event.args.get("node_index", "")
    return Foreign(
        step=step,
        op=str(event.args.get("op_name", "?"))[:128],
        kernel=f"{name}#{index}",
        layer=layer,
        device=str(event.args.get("provider", "cpu:0"))[:64],
        start_ns=event.ts * 1000,
        wall_ns=event.dur * 1000,
        thread=_thread(event),
        invocation=invocation,
    )


def _identity(node: Foreign) -> str:
    """Name and index behind those of the nodes it runs in: indices begin afresh in every subgraph."""
    kernel = str(node.kernel)
    return f"{node.parent.kernel}/{kernel}"[:512] if node.parent is not None else kernel


def _thread(event: _Event) -> int:
    return event.tid & 0x7FFFFFFF


def _refused(path: Path, what: str) -> RecordError:
    return RecordError(what, where=str(path), remedy=_REMEDY)


PLUGIN = Reader(name="onnxruntime", title="profile of ONNX Runtime", recognises=recognises, open=open_profile)
