"""Profiles that trtexec writes with ``--exportProfile``: time per layer over all runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assay.record.enums import Backend
from assay.trace.foreign.documents import begins_with, decode_file, number
from assay.trace.foreign.events import Foreign, whole_ns
from assay.trace.foreign.names import place_of
from assay.trace.foreign.opened import opened
from assay.trace.reading import Reader
from assay.trace.source import Trace, damaged

_MS = 1e6


def recognises(head: bytes) -> bool:
    """An array whose first element counts the runs, and whose others have ``timeMs`` or ``averageMs``."""
    return begins_with(head, rb'^\s*\[\s*\{\s*"count"\s*:\s*\d+') and begins_with(head, rb'"(?:timeMs|averageMs)"\s*:')


def open_profile(path: Path) -> Trace:
    """The trace: the mean run, layer by layer."""
    document = decode_file(path, list[dict[str, Any]], "a profile of trtexec")
    count = number(document[0].get("count")) if document else None
    if count is None or count < 1:
        raise damaged(str(path), "the number of runs is missing")
    events: list[Foreign] = []
    now_ns = 0
    for each in document[1:]:
        wall_ns = _mean_ns(each, count)
        if wall_ns is None:
            raise damaged(str(path), f"layer {str(each.get('name', '?'))[:80]!r} has no time")
        events.append(_event(str(each.get("name", "?")), now_ns, wall_ns))
        now_ns += wall_ns
    remark = f"Each time is the mean of {int(count):,} runs: the file keeps no single calls, and no instants."
    by = "TensorRT's profiler, mean per layer"
    return opened(path, "tensorrt", events, by, remarks=(remark,), backend=Backend.TENSORRT_LLM)


def _mean_ns(each: dict[str, Any], count: float) -> int | None:
    average, total = number(each.get("averageMs")), number(each.get("timeMs"))
    mean = average if average is not None else (None if total is None else total / count)
    return None if mean is None or mean < 0 else whole_ns(mean, _MS)


def _event(name: str, start_ns: int, wall_ns: int) -> Foreign:
    step, layer = place_of(name)
    kind = name.rsplit("/", 1)[-1].split(" ", 1)[0].rstrip("0123456789_")[:128] or "?"
    return Foreign(
        step=step, op=kind, kernel=name[:512] or "?", layer=layer, device="gpu:0", start_ns=start_ns, wall_ns=wall_ns,
        thread=0,
    )  # fmt: skip


PLUGIN = Reader(
    name="tensorrt", title="profile of TensorRT (trtexec --exportProfile)", recognises=recognises, open=open_profile
)
