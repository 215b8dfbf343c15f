"""How small an effect could have been seen, and how many more blocks would show the one that was asked about."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from assay.stats.comparison.arithmetic import student_quantile, student_two_sided
from assay.stats.comparison.design import FEWEST_BLOCKS
from assay.stats.comparison.observation.loadings import FEWEST_FOR_LOADINGS
from assay.stats.comparison.testing.tested import Tested

_MOST_BLOCKS = 100_000
_LARGEST_LOG = 50.0
_LEAST_P_VALUE = 1e-12


def detectable(tested: Tested, line: int, critical: float, power: float) -> float | None:
    """Smallest relative change that is found with this power."""
    error = float(tested.error[line])
    if not math.isfinite(error):
        return None
    reach = critical + float(student_quantile(power, tested.freedom[line : line + 1])[0])
    return math.expm1(min(reach * error, _LARGEST_LOG))


def needed(tested: Tested, line: int, critical: float, power: float, change: float) -> int | None:
    """Observations with which a relative change of this size is found with this power."""
    error, now, freedom = (float(each[line]) for each in (tested.error, tested.observations, tested.freedom))
    size = abs(math.log1p(change))
    if not math.isfinite(error * critical) or size == 0.0 or now < 1.0:
        return None
    alone = max(float(student_two_sided(np.array([critical]), np.array([freedom]))[0]), _LEAST_P_VALUE)
    blocks = now
    for _ in range(50):
        future = np.array([max(freedom + blocks - now, 1.0)])
        bound = float(student_quantile(1.0 - alone / 2.0, future)[0])
        # the spread itself is known from few blocks: what is asked is the power on average over that
        reach = float(special.nctdtrit(freedom, bound, power))
        step = max((reach * error / size) ** 2 * now, 1.0)
        if abs(step - blocks) < 0.01:
            break
        blocks = step
    if not math.isfinite(blocks):
        return None
    # with fewer than ten, less of the noise is removed than was removed here
    fewest = FEWEST_FOR_LOADINGS if now >= FEWEST_FOR_LOADINGS else FEWEST_BLOCKS
    return min(max(math.ceil(blocks), fewest), _MOST_BLOCKS)
