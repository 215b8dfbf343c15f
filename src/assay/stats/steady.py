"""Whether repeated times settle: from where on they are steady, or why not.

The series is cut at its change points. From the end backwards, stretches of the same level belong together; what is
left in front of them was the warm-up. A series whose last level is short, drifts, or is one of several between which it
goes to and fro was never steady; one that was faster before is slowing down.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from assay.stats.changes import change_points
from assay.stats.trend import spearman, theil_sen

Floats = NDArray[np.float64]

FEWEST = 12
"""Fewer repetitions show no steady state."""
TOLERANCE = 0.03
"""Levels closer than this are the same."""
_SHARE, _FEWEST_STEADY = 0.25, 6
_CLEAR_TREND = 0.5
_FEWEST_TURNS = 3
_BLOCK = 5
_CLEAR_OF_NOISE = 6.0
_CV_WINDOW = 10


class Settling(StrEnum):
    """How a series of times behaves."""

    STEADY = "steady"
    NEVER = "never_steady"
    SLOWING = "slowing_down"
    TOO_SHORT = "too_short"


@dataclass(frozen=True, kw_only=True)
class SteadyState:
    """The answer."""

    settling: Settling
    """What it is."""
    start: int | None
    """First steady repetition; None where there is none."""
    level: float | None
    """Median of the steady ones; None likewise."""
    reason: str
    """Why it is not steady; empty where it is."""


def steady_state(values: Sequence[float], *, tolerance: float = TOLERANCE) -> SteadyState:
    """Judge a series of times, one for each repetition, in order; where work differs, times for each unit of it."""
    series = np.asarray(values, dtype=np.float64)
    if len(series) < FEWEST:
        return _without(Settling.TOO_SHORT, f"{len(series)} repetitions: {FEWEST} are needed")
    edges = [0, *(point.index for point in change_points(series.tolist())), len(series)]
    levels = [float(np.median(series[begin:end])) for begin, end in itertools.pairwise(edges)]
    turns = _turns(series, tolerance)
    if turns >= _FEWEST_TURNS:
        return _without(Settling.NEVER, f"the times rise and fall again, {turns} times")
    start = _trimmed(series, _start_of_last(edges, levels, tolerance), tolerance)
    drift = _drift(series[start:])
    if abs(drift) > tolerance:
        return _drifting(drift)
    faster = min(levels)
    if faster < levels[-1] * (1 - tolerance):
        slower = levels[-1] / faster - 1
        return _without(Settling.SLOWING, f"the last repetitions take {slower:.0%} longer than earlier ones")
    if len(series) - start < max(_FEWEST_STEADY, _SHARE * len(series)):
        return _without(Settling.NEVER, f"only the last {len(series) - start} repetitions are alike")
    return SteadyState(settling=Settling.STEADY, start=start, level=float(np.median(series[start:])), reason="")


def settled_by_variation(values: Sequence[float], *, largest: float = 0.05, window: int = _CV_WINDOW) -> int | None:
    """The simpler rule: the first repetition from which a window's coefficient of variation is small; None for none."""
    series = np.asarray(values, dtype=np.float64)
    for start in range(len(series) - window + 1):
        part = series[start : start + window]
        if part.std(ddof=1) <= largest * part.mean():
            return start
    return None


def _start_of_last(edges: Sequence[int], levels: Sequence[float], tolerance: float) -> int:
    """Where the last level begins, with stretches before it that are at the same."""
    start = edges[-2]
    for begin, level in zip(edges[-3::-1], levels[-2::-1], strict=False):
        if abs(level / levels[-1] - 1) > tolerance:
            break
        start = begin
    return start


def _turns(series: Floats, tolerance: float) -> int:
    """How often the level turns: medians of a few repetitions, followed like a zigzag that ignores what noise does."""
    logs = np.log(np.maximum(series, np.finfo(float).tiny))
    count = len(logs) // _BLOCK
    medians = np.median(logs[len(logs) - count * _BLOCK :].reshape(count, _BLOCK), axis=1)
    least = max(2 * tolerance, _CLEAR_OF_NOISE * _noise(logs) / np.sqrt(_BLOCK))
    turns, rising, extreme = 0, None, medians[0]
    for median in medians[1:]:
        move = median - extreme
        if rising is not None and (move >= 0) == rising:
            extreme = median
        elif abs(move) > least:
            turns += rising is not None
            rising, extreme = bool(move > 0), median
    return turns


def _noise(series: Floats) -> float:
    """Standard deviation from one repetition to the next, whatever the level does."""
    return float(1.4826 * np.median(np.abs(np.diff(series))) / np.sqrt(2))


def _trimmed(series: Floats, start: int, tolerance: float) -> int:
    """The start without a few slow repetitions in front, which are too few to be a level of their own."""
    level = float(np.median(series[start:]))
    most = level * (1.0 + max(tolerance, 2.5 * _noise(series[start:]) / level))
    while len(series) - start > _FEWEST_STEADY and np.median(series[start : start + 3]) > most:
        start += 1
    return start


def _drift(series: Floats) -> float:
    """By what share the level moves over the series, where it clearly follows the order; else 0."""
    rank = spearman(series)
    slope = theil_sen(np.arange(len(series), dtype=np.float64), series)
    if rank is None or slope is None or abs(rank) < max(_CLEAR_TREND, 2.6 / np.sqrt(len(series))):
        return 0.0
    return float(slope * len(series) / np.median(series))


def _drifting(drift: float) -> SteadyState:
    if drift > 0:
        return _without(Settling.SLOWING, f"the times still grow, by {drift:.0%} over the last stretch")
    return _without(Settling.NEVER, f"the times still fall, by {-drift:.0%} over the last stretch")


def _without(settling: Settling, reason: str) -> SteadyState:
    return SteadyState(settling=settling, start=None, level=None, reason=reason)
