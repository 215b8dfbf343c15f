"""What a test says of every line: one array each, in the order of the lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.stats.comparison.question import Values

TWO_ONE_SIDED = 1.4
"""Two would be the 90 % of the textbook; three tenths are kept back, so that the rate stays below 5 %."""


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
    """Interval for two one-sided tests, at 1 - 1.4 level."""
    critical: Values
    """Standard errors beyond which a line is claimed, corrected for all lines."""

    @property
    def testable(self) -> NDArray[np.bool_]:
        """Lines with a p value."""
        return ~np.isnan(self.p_value)
