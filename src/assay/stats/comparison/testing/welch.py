"""Without blocks: Welch's test for each line, corrected after Holm."""

from __future__ import annotations

import numpy as np

from assay.stats.comparison.observation.common import FEWEST_FOR_LOADINGS, Mask
from assay.stats.comparison.observation.lines import Lines
from assay.stats.comparison.question import Values
from assay.stats.comparison.testing.tested import Tested, student_quantile, student_two_sided

_FEWEST_UNITS = 5


def by_welch(lines: Lines, tied: Mask, after: Mask, level: float) -> Tested:
    """P values, corrected p values and intervals of all lines."""
    loaded = (~np.isnan(lines.loadings) & (len(after) >= FEWEST_FOR_LOADINGS)).astype(np.float64)
    sides = [_moments(lines.judged[rows]) for rows in (~after, after)]
    (count_before, mean_before, square_before), (count_after, mean_after, square_after) = sides
    fewest = np.minimum(count_before, count_after)
    unknown = np.where((fewest >= _FEWEST_UNITS) & ~tied, 0.0, np.nan)
    estimate = mean_after - mean_before
    variance = square_before + square_after
    with np.errstate(divide="ignore", invalid="ignore"):
        freedom = variance**2 / (square_before**2 / (count_before - 1.0) + square_after**2 / (count_after - 1.0))
        # the loading was estimated from the same units
        freedom = np.maximum(freedom - loaded, 1.0) + unknown
        error = np.sqrt(variance) + unknown
        statistic = np.where(error > 0.0, estimate / error, np.where(estimate == 0.0, 0.0, np.inf))
    p_value = student_two_sided(statistic, freedom) + unknown
    half, narrow = (student_quantile(1.0 - part, freedom) * error for part in (level / 2.0, level))
    tests = max(int(np.count_nonzero(~np.isnan(p_value))), 1)
    return Tested(
        estimate=estimate,
        error=error,
        freedom=freedom,
        observations=fewest,
        p_value=p_value,
        p_adjusted=holm(p_value),
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


def _moments(values: Values) -> tuple[Values, Values, Values]:
    """Count, mean, and the mean's squared standard error of each column."""
    present = ~np.isnan(values)
    counts = present.sum(axis=0).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.where(counts > 0.0, np.nan_to_num(values).sum(axis=0) / counts, np.nan)
        deviations = np.where(present, values - means, 0.0)
        squares = np.where(counts > 1.0, (deviations**2).sum(axis=0) / (counts - 1.0) / counts, np.nan)
    return counts, means, squares
