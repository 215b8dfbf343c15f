"""Whether something grows: rank correlation with time, and a slope that outliers don't move."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MOST_PAIRS_OF = 400
"""A longer series is thinned evenly before its slopes are taken pair by pair."""


def spearman(values: Sequence[float] | NDArray[np.float64]) -> float | None:
    """Rank correlation of the values with their order, ties shared; None below 3 values or where all are equal."""
    array = np.asarray(values, dtype=np.float64)
    if len(array) < 3 or np.all(array == array[0]):
        return None
    ranks, order = _ranks(array), np.arange(len(array), dtype=np.float64)
    ranks -= ranks.mean()
    order -= order.mean()
    return float(ranks @ order / np.sqrt((ranks @ ranks) * (order @ order)))


@dataclass(frozen=True, kw_only=True)
class Slope:
    """A slope with its interval of 95 %."""

    slope: float
    low: float
    high: float


def theil_sen(times: NDArray[np.float64], values: NDArray[np.float64]) -> float | None:
    """Median slope over all pairs; None where no two times differ."""
    slopes = _slopes(times, values)
    return float(np.median(slopes)) if len(slopes) else None


def slope_interval(times: NDArray[np.float64], values: NDArray[np.float64]) -> Slope | None:
    """Median slope between the two pairs that enclose the true one with 95 %, after Sen; None where no times differ.

    ``times`` rise. Values are taken as independent: where neighbours resemble each other the interval is too narrow.
    """
    slopes = np.sort(_slopes(times, values))
    if not len(slopes):
        return None
    n = min(len(times), _MOST_PAIRS_OF)
    half = 1.96 * np.sqrt(n * (n - 1) * (2 * n + 5) / 18) / 2
    low = max(0, math.floor(len(slopes) / 2 - half))
    high = min(len(slopes) - 1, math.ceil(len(slopes) / 2 + half))
    return Slope(slope=float(np.median(slopes)), low=float(slopes[low]), high=float(slopes[high]))


def _slopes(times: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slope of each pair whose times differ."""
    if len(times) > _MOST_PAIRS_OF:
        chosen = np.linspace(0, len(times) - 1, _MOST_PAIRS_OF).astype(np.int64)
        times, values = times[chosen], values[chosen]
    first, second = np.triu_indices(len(times), 1)
    apart = times[second] - times[first]
    usable = apart > 0
    slopes: NDArray[np.float64] = (values[second] - values[first])[usable] / apart[usable]
    return slopes


def _ranks(array: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.sort(array)
    low = np.searchsorted(order, array, side="left")
    high = np.searchsorted(order, array, side="right")
    return (low + high - 1) / 2.0
