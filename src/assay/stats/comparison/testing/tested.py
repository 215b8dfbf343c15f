"""What a test says of every line: one array each, in the order of the lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from assay.stats.comparison.question import Values


@dataclass(frozen=True, kw_only=True)
class Tested:
    """Shape (lines,) each; not a number where a line can't be tested."""

    estimate: Values
    error: Values
    """Standard error of the estimate."""
    freedom: Values
    """Degrees of freedom of the standard error."""
    observations: Values
    """Observations in the line: blocks, or units of the smaller side."""
    p_value: Values
    p_adjusted: Values
    low: Values
    high: Values
    """Interval at 1 - level."""
    low_narrow: Values
    high_narrow: Values
    """Interval at 1 - 2 level: two one-sided tests."""
    critical: Values
    """Standard errors beyond which a line is claimed, corrected for all lines."""

    @property
    def testable(self) -> NDArray[np.bool_]:
        """Lines with a p value."""
        return ~np.isnan(self.p_value)


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
