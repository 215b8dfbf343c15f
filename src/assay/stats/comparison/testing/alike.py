"""Does a claim hold also if what all cells did together was a change that met them alike?

A loading says how much of the common *noise* a cell takes. A change that all cells share (another compiler, a slower
machine) need not follow it: where the loading is 0.7, three tenths of such a change stay in the cell and look like its
own. How large it is, its line says, drawn in towards nothing as far as chance explains it (James and Stein 1961).
Without these three tenths a claim has to stand as well.
"""

from __future__ import annotations

import numpy as np

from assay.stats.comparison.observation.common import Mask
from assay.stats.comparison.observation.lines import Lines
from assay.stats.comparison.question import Values
from assay.stats.comparison.testing.tested import Tested

_COMMON = -2
"""Where the common mode stands among the lines."""
_BY_CHANCE = 2.0
"""Squared standard errors that chance is taken to explain: less costs power where modes come and go, more lets small
changes of all through."""


def hold_alike(lines: Lines, tested: Tested, critical: Values) -> Mask:
    """Lines that are further from nothing than ``critical`` standard errors without their part of a change of all."""
    left = (1.0 - np.nan_to_num(lines.loadings, nan=1.0)) * lines.restored * _together(tested)
    rest = tested.estimate - left
    same_way = np.sign(rest) == np.sign(tested.estimate)
    with np.errstate(invalid="ignore"):
        holds: Mask = (left == 0.0) | (same_way & (np.abs(rest) >= critical * tested.error))
    return holds


def _together(tested: Tested) -> float:
    """What all cells changed together, as far as it is more than chance."""
    change, error = float(tested.estimate[_COMMON]), float(tested.error[_COMMON])
    if not np.isfinite(change + error) or change**2 <= _BY_CHANCE * error**2:
        return 0.0
    return change * (1.0 - _BY_CHANCE * (error / change) ** 2)
