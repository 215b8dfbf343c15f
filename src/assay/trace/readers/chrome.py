"""Chrome's trace events, as PyTorch's Kineto and many others write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from assay.record.enums import Backend
from assay.trace.foreign.documents import Loose, begins_with, decode_file, number
from assay.trace.foreign.events import Foreign, nest, whole_ns
from assay.trace.foreign.names import OTHER, place_of
from assay.trace.foreign.opened import opened
from assay.trace.reading import Reader
from assay.trace.source import Trace

_US = 1000.0
_ON_DEVICE = frozenset({"kernel", "gpu_memcpy", "gpu_memset"})
_PASSED_OVER = frozenset({"Trace", "overhead", "ac2g", "async_cpu_to_gpu", "fwdbwd", "gpu_user_annotation"})
"""Categories that repeat what others say, or span the whole recording."""


class _Event(Loose):
    ph: str = ""
    name: Any = ""
    cat: Any = ""
    ts: Any = None
    dur: Any = None
    pid: Any = 0
    tid: Any = 0
    args: Any = None


class _Document(Loose):
    events: list[_Event] = msgspec.field(name="traceEvents")
    device_properties: Any = msgspec.field(default=None, name="deviceProperties")
    schema_version: Any = msgspec.field(default=None, name="schemaVersion")


def recognises(head: bytes) -> bool:
    """An object with ``traceEvents``, or an array of events that ONNX Runtime did not write."""
    if begins_with(head, rb'"cat"\s*:\s*"(?:Session|Node)"'):
        return False
    if head.lstrip().startswith(b"["):
        return begins_with(head, rb'^\s*\[\s*\{[^{}\[\]]*"ph"\s*:')
    return begins_with(head, rb"^\s*\{") and begins_with(head, rb'"(?:traceEvents|schemaVersion)"\s*:')


def open_events(path: Path) -> Trace:
    """The trace."""
    document: _Document | list[_Event] = decode_file(path, _Document | list[_Event], "a trace of Chrome's format")
    events = document.events if isinstance(document, _Document) else document
    is_kineto = isinstance(document, _Document) and (
        document.device_properties is not None or document.schema_version is not None
    )
    tracks = _tracks(events)
    cut = sum(nest(mine) for mine in tracks.values())
    for mine in tracks.values():
        _inherit(mine)
    remarks = (f"{cut:,} events end after what they are nested in, and were cut there.",) if cut else ()
    found = [each for mine in tracks.values() for each in mine]
    backend = Backend.PYTORCH if is_kineto else Backend.OTHER
    return opened(path, "chrome", found, "Chrome's trace events, µs", remarks=remarks, backend=backend)


def _tracks(events: list[_Event]) -> dict[tuple[str, str], list[Foreign]]:
    """Events of each thread: those that are complete, and pairs of begin and end."""
    tracks: dict[tuple[str, str], list[Foreign]] = {}
    open_: dict[tuple[str, str], list[_Event]] = {}
    for each in events:
        key = (str(each.pid)[:64], str(each.tid)[:64])
        if each.ph == "X" and each.cat not in _PASSED_OVER:
            _append(tracks, key, _event(each, number(each.dur), len(tracks)))
        elif each.ph == "B":
            open_.setdefault(key, []).append(each)
        elif each.ph == "E" and open_.get(key):
            begun = open_[key].pop()
            start, end = number(begun.ts), number(each.ts)
            if start is not None and end is not None:
                _append(tracks, key, _event(begun, end - start, len(tracks)))
    return tracks


def _append(tracks: dict[tuple[str, str], list[Foreign]], key: tuple[str, str], event: Foreign | None) -> None:
    if event is not None:
        mine = tracks.setdefault(key, [])
        event.thread = list(tracks).index(key) if not mine else mine[0].thread
        mine.append(event)


def _event(event: _Event, duration: float | None, track: int) -> Foreign | None:
    start = number(event.ts)
    start_ns = None if start is None else whole_ns(start, _US)
    wall_ns = None if duration is None else whole_ns(duration, _US)
    if start_ns is None or wall_ns is None or wall_ns < 0:
        return None
    name = str(event.name)[:512] or "?"
    step, layer = place_of(name)
    args = event.args if isinstance(event.args, dict) else {}
    flops = number(args.get("flops"))
    return Foreign(
        step=step,
        op=_short(name),
        kernel=name,
        layer=layer,
        device=f"gpu:{args.get('device', 0)}"[:64] if event.cat in _ON_DEVICE else "cpu:0",
        start_ns=start_ns,
        wall_ns=wall_ns,
        thread=track,
        flops=None if flops is None or flops <= 0 else int(flops),
    )


def _inherit(events: list[Foreign]) -> None:
    """What its own name does not tell, an event has from the one around it."""
    for each in events:
        around = each.parent
        if around is not None and each.step == OTHER:
            each.step = around.step
        if around is not None and each.layer is None:
            each.layer = around.layer


def _short(name: str) -> str:
    """The operator without its template arguments and numbers, so that like ones fall together."""
    plain = name.removeprefix("nn.Module: ").split("<", 1)[0].split("(", 1)[0].strip()
    return plain.rstrip("0123456789").rstrip("_")[:128] or "?"


PLUGIN = Reader(
    name="chrome", title="Chrome's trace events (PyTorch's Kineto)", recognises=recognises, open=open_events
)
