"""Without blocks: for each line Welch's test corrected after Holm, and exchanged sides; the weaker of both counts.

Welch's test allows for unequal variances and trusts the normal distribution; exchanging which units are the candidate's
trusts nothing but an order drawn by chance, and equal variances. A claim has to hold by both.
"""

from __future__ import annotations

import numpy as np

from assay.stats.comparison.arithmetic import column_means, student_quantile, student_two_sided
from assay.stats.comparison.observation.common import Mask
from assay.stats.comparison.observation.lines import Lines
from assay.stats.comparison.question import Values
from assay.stats.comparison.testing.tested import TWO_ONE_SIDED, Tested

EXCHANGES = 2_000
_FEWEST_UNITS = 5
_TIE = 1e-10


def by_welch(lines: Lines, tied: Mask, after: Mask, level: float, seed: int = 0) -> Tested:
    """P values, corrected p values and intervals of all lines."""
    values = lines.judged
    sides = [_moments(values[rows]) for rows in (~after, after)]
    (count_before, mean_before, square_before), (count_after, mean_after, square_after) = sides
    fewest = np.minimum(count_before, count_after)
    unknown = np.where((fewest >= _FEWEST_UNITS) & ~tied, 0.0, np.nan)
    estimate = mean_after - mean_before
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = square_before + square_after
        freedom = variance**2 / (square_before**2 / (count_before - 1.0) + square_after**2 / (count_after - 1.0))
        one_unit = 0.5 * (square_before * count_before + square_after * count_after)
        error = np.sqrt(variance + lines.leverage * one_unit) + unknown
        # a loading was estimated from the same units
        freedom = np.maximum(freedom - (lines.leverage > 0.0), 1.0) + unknown
        statistic = np.where(error > 0.0, estimate / error, np.where(estimate == 0.0, 0.0, np.inf))
    p_value = student_two_sided(statistic, freedom) + unknown
    alone, together = _exchanged(values, after, unknown, seed)
    half, narrow = (
        student_quantile(1.0 - part, freedom) * error for part in (level / 2.0, TWO_ONE_SIDED / 2.0 * level)
    )
    tests = max(int(np.count_nonzero(~np.isnan(p_value))), 1)
    return Tested(
        estimate=estimate,
        error=error,
        freedom=freedom,
        observations=fewest,
        p_value=np.maximum(p_value, alone),
        p_adjusted=np.maximum(holm(p_value), together),
        low=estimate - half,
        high=estimate + half,
        low_narrow=estimate - narrow,
        high_narrow=estimate + narrow,
        critical=student_quantile(1.0 - level / 2.0 / tests, freedom),
    )


def holm(p_values: Values) -> Values:
    """Step-down Bonferroni; what is not a number was not tested."""
    adjusted = np.full(len(p_values), np.nan)
    tested = np.flatnonzero(~np.isnan(p_values))
    order = tested[np.argsort(p_values[tested], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(p_values[order] * factors), 1.0) if len(order) else 0.0
    return adjusted


def _exchanged(values: Values, after: Mask, unknown: Values, seed: int) -> tuple[Values, Values]:
    """P values alone and for the largest statistic, over random choices of the candidate's units."""
    chosen = np.tile(after.astype(np.float64), (EXCHANGES, 1))
    chosen[1:] = np.random.default_rng(seed).permuted(chosen[1:], axis=1)
    usable = ~np.isnan(unknown)
    present = ~np.isnan(values)
    filled = np.where(present & usable, values - np.where(usable, column_means(values), 0.0), 0.0)
    sides = [_sums(labels, filled, present.astype(np.float64)) for labels in (chosen, 1.0 - chosen)]
    with np.errstate(divide="ignore", invalid="ignore"):
        statistics = np.abs(sides[0][0] - sides[1][0]) / np.sqrt(sides[0][1] + sides[1][1])
    statistics = np.where(usable & np.isfinite(statistics), statistics, 0.0)
    observed = statistics[0] * (1.0 - _TIE)
    alone = np.count_nonzero(statistics >= observed, axis=0) / EXCHANGES
    largest = np.sort(statistics.max(axis=1))
    together = (EXCHANGES - np.searchsorted(largest, observed, side="left")) / EXCHANGES
    return alone + unknown, together + unknown


def _sums(labels: Values, values: Values, present: Values) -> tuple[Values, Values]:
    """Mean, and its squared standard error, of the labelled units; shape (exchanges, lines)."""
    counts = labels @ present
    with np.errstate(divide="ignore", invalid="ignore"):
        means = (labels @ values) / counts
        squares = np.maximum((labels @ values**2) / counts - means**2, 0.0) / (counts - 1.0)
    return means, squares


def _moments(values: Values) -> tuple[Values, Values, Values]:
    """Count, mean, and the mean's squared standard error of each column."""
    present = ~np.isnan(values)
    counts = present.sum(axis=0).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = column_means(values)
        deviations = np.where(present, values - means, 0.0)
        squares = np.where(counts > 1.0, (deviations**2).sum(axis=0) / (counts - 1.0) / counts, np.nan)
    return counts, means, squares
