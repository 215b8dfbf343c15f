"""Small arithmetic on columns: means of what is there, and Student's t distribution."""

from __future__ import annotations

import numpy as np
from scipy import special

from assay.stats.comparison.question import Values

NORMAL_SPREAD = 1.4826
"""Standard deviation of a normal distribution in median deviations."""


def column_means(values: Values) -> Values:
    """Mean of what is there in each column; not a number where nothing is."""
    present = ~np.isnan(values)
    counts = present.sum(axis=0)
    means: Values = np.where(present, values, 0.0).sum(axis=0) / np.maximum(counts, 1)
    means[counts == 0] = np.nan
    return means


def student_quantile(probability: float, freedom: Values) -> Values:
    """Quantile of Student's t; infinite freedom is the normal distribution."""
    bounded = np.clip(freedom, 1e-9, 1e9)
    quantile: Values = special.stdtrit(bounded, probability)
    return quantile


def student_two_sided(statistic: Values, freedom: Values) -> Values:
    """Two-sided p value of a t statistic."""
    bounded = np.clip(freedom, 1e-9, 1e9)
    p_value: Values = 2.0 * special.stdtr(bounded, -np.abs(statistic))
    return p_value


def normal_statistic(share: Values, freedom: Values) -> Values:
    """Student's t as a normal deviate of the same rarity (Wallace 1959); ``share`` is t**2 / freedom."""
    deviate: Values = _bend(freedom) * np.sqrt(freedom * np.log1p(share))
    return deviate


def student_statistic(deviate: float, freedom: Values) -> Values:
    """The t that is as rare as this normal deviate."""
    statistic: Values = np.sqrt(freedom * np.expm1((deviate / _bend(freedom)) ** 2 / freedom))
    return statistic


def _bend(freedom: Values) -> Values:
    return (8.0 * freedom + 1.0) / (8.0 * freedom + 3.0)
