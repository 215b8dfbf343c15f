"""What the rules of other tools say of the same measurements: each tells for every cell whether it calls a difference.

They are written from what the tools document and do, on plain arrays; only the rule is compared, not the measuring.
Cells are judged one by one, as each tool judges its benchmarks, and nothing corrects for their number.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from assay.stats.comparison import Measurements

Calls = NDArray[np.bool_]
Rule = Callable[[Measurements, Measurements, np.random.Generator], Calls]

_ALPHA = 0.05
_RESAMPLES = 200
"""Criterion takes 100,000; what that changes is below the error of this simulation."""
_CRITERION_NOISE = 0.01
_ASV_FACTOR = 1.1
_ASV_P_VALUE = 0.002


def benchstat(before: Measurements, after: Measurements, _: np.random.Generator) -> Calls:
    """Mann and Whitney's test of the runs' means, p < 0.05, exact as for all samples of up to 50."""
    sides = before.durations.mean(axis=2), after.durations.mean(axis=2)
    called: Calls = stats.mannwhitneyu(*sides, axis=0, method="exact").pvalue < _ALPHA
    return called


def hyperfine(before: Measurements, after: Measurements, _: np.random.Generator) -> Calls:
    """Welch's test of the runs, p < 0.05: the script that comes with it."""
    sides = before.durations.mean(axis=2), after.durations.mean(axis=2)
    called: Calls = stats.ttest_ind(*sides, axis=0, equal_var=False).pvalue < _ALPHA
    return called


def criterion(before: Measurements, after: Measurements, source: np.random.Generator) -> Calls:
    """One invocation against the saved one: bootstrapped t test, and the change's interval beyond 1 % of noise."""
    old, new = before.durations[-1], after.durations[-1]
    statistic = np.abs(_student(old, new))
    pooled = np.concatenate([old, new], axis=1)
    chance = np.empty((_RESAMPLES, len(old)))
    changes = np.empty((_RESAMPLES, len(old)))
    for resample in range(_RESAMPLES):
        drawn = pooled[:, source.integers(0, pooled.shape[1], pooled.shape[1])]
        chance[resample] = np.abs(_student(drawn[:, : old.shape[1]], drawn[:, old.shape[1] :]))
        first, second = (side[:, source.integers(0, side.shape[1], side.shape[1])] for side in (old, new))
        changes[resample] = second.mean(axis=1) / first.mean(axis=1) - 1.0
    p_values = (chance >= statistic).mean(axis=0)
    low, high = np.quantile(changes, [0.025, 0.975], axis=0)
    called: Calls = (p_values < _ALPHA) & ((low > _CRITERION_NOISE) | (high < -_CRITERION_NOISE))
    return called


def pyperf(before: Measurements, after: Measurements, _: np.random.Generator) -> Calls:
    """Student's test of all values of all processes together, 95 %; unequal numbers of them are an error in it, which
    its command takes for a significant difference.
    """
    if before.durations.shape != after.durations.shape:
        everything: Calls = np.ones(before.durations.shape[1], np.bool_)
        return everything
    sides = (np.moveaxis(side.durations, 1, 0).reshape(side.durations.shape[1], -1) for side in (before, after))
    called: Calls = stats.ttest_ind(*sides, axis=1).pvalue < _ALPHA
    return called


def asv(before: Measurements, after: Measurements, _: np.random.Generator) -> Calls:
    """Medians more than a tenth apart, and Mann and Whitney's test of all values with p < 0.002."""
    old, new = (np.moveaxis(side.durations, 1, 0).reshape(side.durations.shape[1], -1) for side in (before, after))
    ratio = np.median(new, axis=1) / np.median(old, axis=1)
    far = (ratio > _ASV_FACTOR) | (ratio < 1.0 / _ASV_FACTOR)
    if not far.any():
        nothing: Calls = far
        return nothing
    called: Calls = far & (stats.mannwhitneyu(old, new, axis=1, method="asymptotic").pvalue < _ASV_P_VALUE)
    return called


def bootstrap(before: Measurements, after: Measurements, source: np.random.Generator) -> Calls:
    """Percentile interval of the ratio of the runs' medians, 95 %."""
    sides = before.durations.mean(axis=2), after.durations.mean(axis=2)
    ratios = []
    for _ in range(_RESAMPLES):
        old, new = (np.median(side[source.integers(0, len(side), len(side))], axis=0) for side in sides)
        ratios.append(new / old)
    low, high = np.quantile(ratios, [0.025, 0.975], axis=0)
    called: Calls = (low > 1.0) | (high < 1.0)
    return called


RULES: dict[str, Rule] = {
    "benchstat": benchstat,
    "hyperfine": hyperfine,
    "criterion": criterion,
    "pyperf": pyperf,
    "asv": asv,
    "percentile bootstrap": bootstrap,
}


def _student(old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = np.sqrt(old.var(axis=1, ddof=1) / old.shape[1] + new.var(axis=1, ddof=1) / new.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic: NDArray[np.float64] = np.nan_to_num((old.mean(axis=1) - new.mean(axis=1)) / spread)
    return statistic
