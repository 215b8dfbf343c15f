"""Which measured ceiling applies, and what bounds a step under it."""

from __future__ import annotations

from dataclasses import dataclass

from assay.record.base import Derived, Missing, Quantity
from assay.record.ceilings import Ceilings
from assay.record.documents.inference.trace import Bound, Roof, StepTimes
from assay.record.enums import Precision
from assay.record.trace.lines import TraceHeader
from assay.record.words.numbers import number_text
from assay.trace.analysis.cells import Cell

WAITS_FROM = 0.5
"""Share of time off the processor from which a step waits."""
BOUND_FROM = 0.5
"""Share of a ceiling from which it is what bounds a step."""
LAUNCHES_FROM = 10.0
"""A call shorter than so many launches is mostly overhead."""

_TYPES = {
    Precision.FP64: "fp64",
    Precision.FP32: "fp32",
    Precision.TF32: "fp32",
    Precision.FP16: "fp32",
    Precision.BF16: "bf16",
    Precision.INT8: "int8",
    Precision.Q8_0: "int8",
    Precision.Q4_0: "int8",
    Precision.Q4_K: "int8",
    Precision.Q6_K: "int8",
    Precision.INT4: "int8",
}
"""Arithmetic that the dominant products of a precision are done in on a processor."""


@dataclass(frozen=True, kw_only=True)
class Total:
    """What shares of time refer to."""

    total_ns: int
    roof: Roof


def roof_of(header: TraceHeader, ceilings: Ceilings | None, reason: str) -> Roof:
    """The ceilings that hold for this trace; none where they were measured on another machine."""
    if ceilings is not None and header.machine != ceilings.machine:
        words = "was recorded on another machine" if header.machine else "does not say on which machine it was recorded"
        ceilings, reason = None, f"the trace {words}, and only the ceilings of this one are known"
    if ceilings is None:
        return Roof(peak_flops_per_s=None, peak_bytes_per_s=None, launch_ns=None, reason=reason)
    threads = header.threads or 1
    threads = max(peak.threads for peak in ceilings.peaks if peak.threads <= max(threads, 1))
    dtype = _TYPES.get(header.precision, "fp32")
    peaks = (p.operations_per_s for p in ceilings.peaks if p.dtype == dtype and p.threads == threads)
    bands = (b.bytes_per_s for b in ceilings.bandwidths if (b.level, b.kind, b.threads) == ("DRAM", "read", threads))
    return Roof(
        peak_flops_per_s=next(peaks, None),
        peak_bytes_per_s=next(bands, None),
        launch_ns=ceilings.launch_ns,
        reason="",
    )


def times_of(cell: Cell, total: Total) -> StepTimes:
    """A line of the report."""
    wall_s = cell.wall.total_ns / 1e9
    flops, moved = _rate(cell.flops, wall_s, "flops"), _rate(cell.moved_bytes, wall_s, "read_bytes and written_bytes")
    compute, memory = _of(flops, total.roof.peak_flops_per_s), _of(moved, total.roof.peak_bytes_per_s)
    off_cpu = None if cell.off_cpu_ns is None else max(0.0, cell.off_cpu_ns / max(1, cell.wall.total_ns))
    bound, reason = _bound(cell, total.roof, off_cpu, compute, memory)
    return StepTimes(
        step=cell.step,
        op=cell.op,
        layer=cell.layer,
        phase=cell.phase,
        device=cell.device,
        wall=cell.wall,
        share=cell.wall.total_ns / total.total_ns if total.total_ns else 0.0,
        off_cpu_share=off_cpu,
        flops_per_s=flops,
        bytes_per_s=moved,
        compute_share=compute,
        memory_share=memory,
        bound=bound,
        reason=reason,
    )


def _bound(
    cell: Cell, roof: Roof, off_cpu: float | None, compute: float | None, memory: float | None
) -> tuple[Bound, str]:
    if off_cpu is not None and off_cpu >= WAITS_FROM:
        return Bound.WAIT, f"its thread was off the processor for {off_cpu:.0%} of the time"
    shares = [(memory, Bound.MEMORY, "bytes per second"), (compute, Bound.COMPUTE, "operations per second")]
    known = [(share, bound, words) for share, bound, words in shares if share is not None]
    best = max(known, key=lambda each: each[0], default=None)
    if best is not None and best[0] >= BOUND_FROM:
        return best[1], f"it reaches {best[0]:.0%} of the machine's {best[2]}"
    if roof.launch_ns is not None and cell.wall.mean_ns < LAUNCHES_FROM * roof.launch_ns:
        mean, launch = number_text(cell.wall.mean_ns / 1e9, "s"), number_text(roof.launch_ns / 1e9, "s")
        return Bound.OVERHEAD, f"a call takes {mean}, and starting one {launch}"
    if best is not None:
        return Bound.OVERHEAD, f"it reaches only {best[0]:.0%} of the machine's {best[2]}"
    return Bound.UNKNOWN, roof.reason or "neither operations nor bytes were counted"


def _rate(amount: float | None, wall_s: float, source: str) -> Quantity:
    if amount is None:
        return Missing(reason="not counted for every call")
    if wall_s <= 0:
        return Missing(reason="it took no time")
    return Derived(value=amount / wall_s, sources=(source, "wall_ns"))


def _of(rate: Quantity, peak: float | None) -> float | None:
    return None if isinstance(rate, Missing) or not peak else rate.value / peak
