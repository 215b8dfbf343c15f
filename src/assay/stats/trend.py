"""Whether something grows: rank correlation with time, and a slope that outliers don't move."""

from __future__ import annotations

from collections.abc import Sequence

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


def theil_sen(times: NDArray[np.float64], values: NDArray[np.float64]) -> float | None:
    """Median slope over all pairs; None where no two times differ."""
    if len(times) > _MOST_PAIRS_OF:
        chosen = np.linspace(0, len(times) - 1, _MOST_PAIRS_OF).astype(np.int64)
        times, values = times[chosen], values[chosen]
    first, second = np.triu_indices(len(times), 1)
    apart = times[second] - times[first]
    usable = apart > 0
    if not usable.any():
        return None
    return float(np.median((values[second] - values[first])[usable] / apart[usable]))


def _ranks(array: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.sort(array)
    low = np.searchsorted(order, array, side="left")
    high = np.searchsorted(order, array, side="right")
    return (low + high - 1) / 2.0
