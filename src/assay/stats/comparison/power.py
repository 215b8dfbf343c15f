"""How small an effect could have been seen, and how many more blocks would show the one that was asked about."""

from __future__ import annotations

import math

import numpy as np

from assay.stats.comparison.student import student_quantile, student_two_sided
from assay.stats.comparison.testing.tested import Tested

_MOST_BLOCKS = 100_000


def detectable(tested: Tested, line: int, critical: float, power: float) -> float | None:
    """Smallest relative change that is found with this power."""
    error = float(tested.error[line])
    if not math.isfinite(error):
        return None
    reach = critical + float(student_quantile(power, tested.freedom[line : line + 1])[0])
    return math.expm1(reach * error)


def further(tested: Tested, line: int, critical: float, power: float, change: float) -> int | None:
    """Observations to add until a relative change of this size is found with this power."""
    error, now, freedom = (float(each[line]) for each in (tested.error, tested.observations, tested.freedom))
    size = abs(math.log1p(change))
    if not math.isfinite(error) or size == 0.0 or now < 1.0:
        return None
    if error == 0.0:
        return 0
    alone = float(student_two_sided(np.array([critical]), np.array([freedom]))[0])
    # the variance comes from few observations: what is asked is the power on average over its error
    needed = now
    for _ in range(50):
        future = np.array([max(freedom + needed - now, 1.0)])
        reach = float(student_quantile(1.0 - alone / 2.0, future)[0] + student_quantile(power, future)[0])
        step = max((reach * error / size) ** 2 * now, 1.0)
        if abs(step - needed) < 0.01:
            break
        needed = step
    return min(max(math.ceil(needed - now), 0), _MOST_BLOCKS)
