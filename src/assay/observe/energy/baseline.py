"""Power of an idle device before and after, and whether it was idle."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assay.observe.energy.counter import Course, Direct, Estimate, Unusable, course_of
from assay.observe.energy.meter import Quantity
from assay.observe.energy.sampler import Metered
from assay.stats.trend import theil_sen

Floats = NDArray[np.float64]

_BUSY_SHARE = 0.02
_BUSY_LAGS_S = 1.05
"""A driver's share of busy time looks back up to a second."""
_MACHINE_BUSY_SHARE = 0.05
_SWING_SHARE, _SWING_W = 0.08, 2.0
_DRIFT_SHARE, _DRIFT_W = 0.10, 2.0
_PIECES = 5
_SHARP_PERIODS = 0.15
SHORTEST_S = 0.5
"""An idle span shorter than this says nothing."""


class Span(NamedTuple):
    """A stretch of time in which nothing was launched."""

    start_ns: int
    end_ns: int
    machine_busy_share: float | None = None
    """Share of all processors that anybody but Assay kept busy."""


def idle_power(one: Metered, before: Span | None, after: Span | None) -> Estimate | Unusable:
    """Power of the idle device around a measurement, or why there is no telling."""
    levels: list[Estimate] = []
    for name, span in (("before", before), ("after", after)):
        if span is None:
            return Unusable(f"no baseline was measured {name} it")
        level = _level(one, span)
        if isinstance(level, Unusable):
            return Unusable(f"the baseline {name} it was rejected: {level.reason}")
        levels.append(level)
    first_w, last_w = (level.value for level in levels)
    drift_w = abs(first_w - last_w)
    if drift_w > max(_DRIFT_W, _DRIFT_SHARE * min(first_w, last_w)):
        return Unusable(f"the baseline was rejected: {first_w:.1f} W before and {last_w:.1f} W after")
    doubt_w = float(np.linalg.norm([drift_w / 2, *(level.half_width / 2 for level in levels)]))
    return Estimate((first_w + last_w) / 2, doubt_w)


def _level(one: Metered, span: Span) -> Estimate | Unusable:
    start_s, end_s = span.start_ns / 1e9, span.end_ns / 1e9
    if end_s - start_s < SHORTEST_S:
        return Unusable(f"it lasted {end_s - start_s:.1f} s")
    if (busy := _used(one, span)) is not None:
        return Unusable(busy)
    pieces = _pieces(one, start_s, end_s)
    if isinstance(pieces, Unusable):
        return pieces
    powers_w, doubts_w = pieces
    level_w = float(np.median(powers_w))
    strays_w = np.abs(powers_w - level_w) - doubts_w
    if strays_w.max() > max(_SWING_W, _SWING_SHARE * level_w):
        low_w, high_w = powers_w.min(), powers_w.max()
        return Unusable(f"the power moved between {low_w:.1f} and {high_w:.1f} W, so something else ran")
    slope_w = _slope(one, start_s, end_s)
    return Estimate(slope_w or level_w, 1.96 * float(powers_w.std(ddof=1)) / np.sqrt(len(powers_w)))


def _used(one: Metered, span: Span) -> str | None:
    """Whether the device or the machine says that somebody used it."""
    for channel, series in zip(one.channels, one.series, strict=True):
        if channel.quantity is Quantity.BUSY:
            _, shares = series.within(span.start_ns + int(_BUSY_LAGS_S * 1e9), span.end_ns)
            if len(shares) and shares.max() > _BUSY_SHARE:
                return f"somebody kept the device up to {shares.max():.0%} busy"
            return None
    share = span.machine_busy_share
    if one.reader.device.metric != "gpu_energy_j" and share is not None and share > _MACHINE_BUSY_SHARE:
        return f"others kept {share:.0%} of the processors busy"
    return None


def _pieces(one: Metered, start_s: float, end_s: float) -> tuple[Floats, Floats] | Unusable:
    """Mean power of several pieces of the span, and how far each may be wrong."""
    edges = np.linspace(start_s, end_s, _PIECES + 1)
    course = _course(one)
    if not isinstance(course, Unusable):
        told = [course.until(edge) for edge in edges.tolist()]
        doubts_j = [first.half_width + second.half_width for first, second in itertools.pairwise(told)]
        return np.diff([each.value for each in told]) / np.diff(edges), np.asarray(doubts_j) / np.diff(edges)
    for channel, series in zip(one.channels, one.series, strict=True):
        if channel.quantity is Quantity.POWER:
            at_s, power_w = series.within(int(start_s * 1e9), int(end_s * 1e9))
            parts = [power_w[(at_s >= low) & (at_s <= high)] for low, high in itertools.pairwise(edges)]
            means = np.asarray([np.median(part) for part in parts if len(part)], dtype=np.float64)
            if len(means) >= 3:
                return means, np.zeros_like(means)
    return Unusable(f"its power was hardly read, and {course.reason}")


def _slope(one: Metered, start_s: float, end_s: float) -> float | None:
    """The robust slope of the counter over the span."""
    course = _course(one)
    if isinstance(course, Unusable):
        return None
    inside = (course.at_s >= start_s) & (course.at_s <= end_s)
    sharp = inside & (course.error_s <= _SHARP_PERIODS * course.period_s)
    if np.ptp(course.at_s[sharp]) > (end_s - start_s) / 2 if sharp.any() else False:
        inside = sharp
    return theil_sen(course.at_s[inside], course.energy_j[inside]) if inside.sum() > 4 else None


def _course(one: Metered) -> Course | Direct | Unusable:
    for channel, sensor, series in zip(one.channels, one.sensors, one.series, strict=True):
        if channel.quantity is Quantity.ENERGY:
            return course_of(series, sensor)
    return Unusable("it has no energy counter")
