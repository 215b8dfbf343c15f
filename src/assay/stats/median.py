"""The median of a few values and how far it can be trusted, whatever the distribution."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

LEVEL = 0.95


@dataclass(frozen=True, kw_only=True)
class MedianInterval:
    """A median with its interval of 95 % or more; without one where there are too few values, and then why."""

    median: float
    low: float | None
    high: float | None
    reason: str


def median_interval(values: Sequence[float]) -> MedianInterval:
    """The sample median, between two order statistics that hold the true one with at least 95 %.

    The number of values below the true median is binomial with p = 1/2, so that the k-th smallest and the k-th
    largest enclose it with probability ``1 - 2 P(B < k)``: exact for independent values of any distribution.
    """
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values have no median")
    n, k = len(ordered), 0
    while 1 - 2 * _below(k + 1, n) >= LEVEL:
        k += 1
    median = statistics.median(ordered)
    if k == 0:
        return MedianInterval(median=median, low=None, high=None, reason=f"{n} values, 6 are needed")
    return MedianInterval(median=median, low=ordered[k - 1], high=ordered[n - k], reason="")


def _below(k: int, n: int) -> float:
    """Probability that fewer than ``k`` of ``n`` values lie below the median."""
    subsets = sum(math.comb(n, i) for i in range(k))
    return float(subsets / 2**n)
