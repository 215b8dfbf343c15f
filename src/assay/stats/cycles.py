"""Intervals over cycles: a cycle is one independent repetition of everything, so that what lies inside it is one value.

Requests of one cycle share its process, its device's temperature and its neighbours: they are no independent values.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
FEWEST_CYCLES = 3
_MOST_ENUMERATED = 6
"""Up to so many cycles every resample is taken, instead of random ones."""
_RESAMPLES = 2_000

Floats = NDArray[np.float64]
Statistic = Callable[[Sequence[Floats]], float]
"""A number out of several cycles' values, such as a quantile of all requests, or a ratio of sums."""


@dataclass(frozen=True, kw_only=True)
class CycleInterval:
    """An estimate with its interval of 95 %; without one where there are too few cycles, and then why."""

    estimate: float
    low: float | None
    high: float | None
    cycles: int
    reason: str
    """Why there is no interval; empty where there is."""
    warning: str
    """What limits it; empty where nothing does."""


def interval_of_means(means: Sequence[float]) -> CycleInterval:
    """Student's interval of the mean over cycles, each cycle one value."""
    values = np.asarray(means, dtype=np.float64)
    if not len(values):
        raise ValueError("no cycles have no mean")
    centre, n = float(values.mean()), len(values)
    if n < FEWEST_CYCLES:
        return _without(centre, n)
    return _around(centre, float(values.std(ddof=1)) / np.sqrt(n), n)


def interval_of(cycles: Sequence[Sequence[float]], statistic: Statistic, *, seed: int = 0) -> CycleInterval:
    """Interval of any statistic by resampling whole cycles, widened for how few there are.

    The spread over resamples is that of a mean over ``n`` cycles with the divisor ``n``: it is corrected to ``n - 1``
    and multiplied by Student's quantile. Requests are not resampled again inside a cycle: how they scatter shows in
    how the cycles differ, and would be counted twice.
    """
    values = [np.asarray(cycle, dtype=np.float64) for cycle in cycles]
    n = len(values)
    if not n or not all(len(cycle) for cycle in values):
        raise ValueError("a cycle without values has no statistic")
    centre = statistic(values)
    if n < FEWEST_CYCLES:
        return _without(centre, n)
    chosen, weights = _resamples(n, seed)
    resampled = np.array([statistic([values[place] for place in places]) for places in chosen])
    mean = np.average(resampled, weights=weights)
    spread = float(np.sqrt(np.average((resampled - mean) ** 2, weights=weights)))
    return _around(centre, spread * np.sqrt(n / (n - 1)), n)


def quantile(share: float) -> Statistic:
    """That quantile of all values of all cycles."""
    return lambda cycles: float(np.quantile(np.concatenate(cycles), share))


def ratio(cycles: Sequence[Floats]) -> float:
    """Sum of the first values over sum of the second, where each cycle holds pairs one after the other."""
    pairs = np.concatenate([cycle.reshape(-1, 2) for cycle in cycles])
    above, below = pairs.sum(axis=0)
    return float(above / below)


def _around(centre: float, error: float, n: int) -> CycleInterval:
    away = float(_student(n - 1) * error)  # documents hold Python's numbers, not NumPy's
    warning = f"{n} cycles: the interval is wide, and rests on the cycles being alike" if n == FEWEST_CYCLES else ""
    return CycleInterval(estimate=centre, low=centre - away, high=centre + away, cycles=n, reason="", warning=warning)


def _without(centre: float, n: int) -> CycleInterval:
    reason = f"{n} {'cycle' if n == 1 else 'cycles'}: an interval needs {FEWEST_CYCLES}"
    return CycleInterval(estimate=centre, low=None, high=None, cycles=n, reason=reason, warning="")


def _student(degrees: int) -> float:
    """The two-sided quantile of Student's distribution."""
    from scipy.special import stdtrit  # loaded when there is something to judge

    return float(stdtrit(degrees, (1 + LEVEL) / 2))


def _resamples(n: int, seed: int) -> tuple[list[tuple[int, ...]], list[int]]:
    """Choices of cycles, and how many of all resamples each stands for: the order within a choice does not matter."""
    if n > _MOST_ENUMERATED:
        drawn = np.random.default_rng(seed).integers(0, n, size=(_RESAMPLES, n))
        return [tuple(places) for places in drawn.tolist()], [1] * _RESAMPLES
    chosen = list(itertools.combinations_with_replacement(range(n), n))
    return chosen, [_orders(places) for places in chosen]


def _orders(places: tuple[int, ...]) -> int:
    """In how many orders these cycles can be drawn."""
    return math.factorial(len(places)) // math.prod(math.factorial(count) for count in Counter(places).values())
