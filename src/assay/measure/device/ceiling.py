"""The ceilings that a bench refers to: measured beside it, since those that are kept may stem from a busier moment."""

from __future__ import annotations

from dataclasses import replace

from assay.vgpu import Ceilings, ceilings
from assay.vgpu.ceilings.measuring import measure_ceilings


def present_ceilings() -> Ceilings:
    """What is kept of this machine, raised to what it can do now."""
    return raised(ceilings(), measure_ceilings())


def raised(kept: Ceilings, now: Ceilings) -> Ceilings:
    """The higher of both in every rate."""
    return replace(
        kept,
        peaks=tuple(
            max(kept_peak, peak, key=lambda each: each.operations_per_s or 0.0)
            for kept_peak, peak in zip(kept.peaks, now.peaks, strict=True)
        ),
        bandwidths=tuple(
            max(kept_bandwidth, bandwidth, key=lambda each: each.bytes_per_s)
            for kept_bandwidth, bandwidth in zip(kept.bandwidths, now.bandwidths, strict=True)
        ),
    )
