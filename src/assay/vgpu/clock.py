"""How good the one clock of every span is on this machine."""

from __future__ import annotations

from dataclasses import dataclass

from assay.vgpu.core import active


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockInfo:
    """Facts about ``CLOCK_MONOTONIC``, the clock of ``time.perf_counter_ns``, and the counter behind it."""

    resolution_ns: int
    """Smallest step, as the kernel states it."""
    read_ns: float
    """Median cost of one reading by this core."""
    tsc_invariant: bool
    """Whether the time-stamp counter runs at a constant rate in all power states."""
    tsc_hz: float | None
    """Rate of the time-stamp counter, calibrated against the clock; none where it can't be read."""
    tsc_error_ppm: float | None
    """What the calibration can't tell apart, in parts per million of the rate."""


def clock_info(window_s: float = 0.005) -> ClockInfo:
    """Measure the clock for about ``window_s`` seconds; a longer window makes the calibration sharper."""
    if not 0 < window_s <= 10:
        raise ValueError(f"window_s must lie in (0, 10], not {window_s}")
    resolution_ns, read_ns, tsc_invariant, tsc_hz, tsc_error_ppm = active.clock_facts(int(window_s * 1e9))
    return ClockInfo(
        resolution_ns=resolution_ns,
        read_ns=read_ns,
        tsc_invariant=tsc_invariant,
        tsc_hz=tsc_hz,
        tsc_error_ppm=tsc_error_ppm,
    )
