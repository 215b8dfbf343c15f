"""Which of the machine's measured ceilings applies to one operator, and what bounds it under them."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import msgspec

from assay.record.base import Derived, Missing, Quantity
from assay.record.ceilings import Ceilings
from assay.record.documents.inference.trace import Bound
from assay.record.words.numbers import number_text
from assay.trace.analysis.roofs import BOUND_FROM, LAUNCHES_FROM

_LEVELS = ("L1", "L2", "L3")
_DTYPES = {"double": "fp64", "float": "fp32", "float16": "fp32", "bfloat16": "bf16"}
"""Arithmetic behind a type of tensors on a processor."""


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """What an operator did over all its calls."""

    self_ns: int
    calls: int
    flops: int | None
    moved_bytes: int | None
    arithmetic: str
    """``fp64``, ``fp32``, ``bf16`` or ``int8``."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The same against the machine."""

    flops_per_s: Quantity
    bytes_per_s: Quantity
    level: str
    compute_share: float | None
    memory_share: float | None
    bound: Bound
    reason: str


def arithmetic_of(dtype: str, *, integer: bool) -> str:
    """Arithmetic by the type of an operator's first input."""
    return "int8" if integer else _DTYPES.get(dtype, "fp32")


@dataclass(frozen=True, kw_only=True)
class Machine:
    """Ceilings for so many threads."""

    ceilings: Ceilings | None
    missing: str
    """Why there are none."""
    threads: int

    def peak(self, arithmetic: str) -> float | None:
        """Most operations per second."""
        found = self.ceilings.peaks if self.ceilings else ()
        mine = [peak.operations_per_s for peak in found if peak.dtype == arithmetic and peak.threads <= self.threads]
        return max((each for each in mine if each), default=None)

    def bandwidth(self, bytes_per_call: float) -> tuple[str, float | None]:
        """The level of memory that holds so many bytes, and the most it gives per second."""
        found = self.ceilings.bandwidths if self.ceilings else ()
        mine = [each for each in found if each.kind == "read" and each.threads <= self.threads]
        for level in _LEVELS:
            held = [each for each in mine if each.level == level and each.working_set_bytes >= bytes_per_call]
            if held:
                return level, max(each.bytes_per_s for each in held)
        main = [each.bytes_per_s for each in mine if each.level == "DRAM"]
        return ("DRAM", max(main)) if main else ("", None)

    def judge(self, amounts: Amounts) -> Judged:
        """Rates, shares of the ceilings, and the verdict."""
        moved_by_call = (amounts.moved_bytes or 0) / max(1, amounts.calls)
        level, bandwidth = self.bandwidth(moved_by_call)
        flops = _rate(amounts.flops, amounts.self_ns, "flops")
        moved = _rate(amounts.moved_bytes, amounts.self_ns, "read_bytes and written_bytes")
        compute, memory = _share(flops, self.peak(amounts.arithmetic)), _share(moved, bandwidth)
        bound, reason = self._bound(amounts, compute, memory, level)
        return Judged(
            flops_per_s=flops,
            bytes_per_s=moved,
            level=level if memory is not None else "",
            compute_share=compute,
            memory_share=memory,
            bound=bound,
            reason=reason,
        )

    def _bound(self, amounts: Amounts, compute: float | None, memory: float | None, level: str) -> tuple[Bound, str]:
        words = {
            Bound.COMPUTE: f"operations per second ({amounts.arithmetic})",
            Bound.MEMORY: f"bytes per second of {level}",
        }
        known = [
            (share, bound) for share, bound in ((memory, Bound.MEMORY), (compute, Bound.COMPUTE)) if share is not None
        ]
        if not known:
            return Bound.UNKNOWN, self.missing or "operations and bytes are not known"
        share, bound = max(known)
        mean_ns = amounts.self_ns / max(1, amounts.calls)
        launch_ns = self.ceilings.launch_ns if self.ceilings else 0.0
        if share >= BOUND_FROM:
            return bound, f"it reaches {share:.0%} of the machine's {words[bound]}"
        if mean_ns < LAUNCHES_FROM * launch_ns:
            return Bound.OVERHEAD, f"a call takes {number_text(mean_ns / 1e9, 's')}, most of it to be started"
        return Bound.OVERHEAD, f"it reaches only {share:.0%} of the machine's {words[bound]}"


def _rate(amount: int | None, self_ns: int, source: str) -> Quantity:
    if amount is None:
        return Missing(reason="not counted for every call")
    if self_ns <= 0:
        return Missing(reason="it took no time that the profiler's clock of 1 µs shows")
    return Derived(value=amount / (self_ns / 1e9), sources=(source, "self_ns"))


def _share(rate: Quantity, peak: float | None) -> float | None:
    return None if isinstance(rate, Missing) or not peak else rate.value / peak


def this_machine(threads: int) -> Machine:
    """Ceilings that were measured here before."""
    from assay.vgpu.ceilings.kept import cache_path, kept

    found = kept(cache_path())
    missing = "" if found else "the ceilings of this machine were not measured yet: run `assay vgpu info`"
    ceilings = msgspec.convert(asdict(found), Ceilings) if found else None
    return Machine(ceilings=ceilings, missing=missing, threads=threads)
