"""Looking while blocks are still being collected, without paying for it in false claims.

At the first looks almost nothing of alpha may be spent, so that nearly all is left for the last one (O'Brien and
Fleming 1979, as a spending function after Lan and DeMets 1983). How much a look spends is counted, not computed from a
normal distribution: the same sign patterns are followed through all looks, and those that would have made a claim at an
earlier one are spent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import special

from assay.stats.comparison.question import Looks, Values

_TIE = 1e-10
_LEAST = 1e-9
"""A level of nothing has no interval."""


def may_be_spent(alpha: float, fraction: float) -> float:
    """Probability of a false claim that all looks up to this fraction of the blocks may spend together."""
    if fraction <= 0.0:
        return 0.0
    bound = float(special.ndtri(1.0 - alpha / 2.0)) / math.sqrt(min(fraction, 1.0))
    return float(2.0 * special.ndtr(-bound))


def level_by_patterns(statistics: Sequence[Values], looks: Looks, alpha: float) -> float:
    """Level of the last look's test; ``statistics`` hold each look's, shape (patterns,), of the same patterns."""
    crossed = np.zeros(len(statistics[0]), np.bool_)
    crossing = crossed
    for values, at in zip(statistics, looks.at, strict=True):
        allowed = int(may_be_spent(alpha, at / looks.most) * len(values)) - np.count_nonzero(crossed)
        free = np.sort(values[~crossed])
        bound = np.inf if allowed <= 0 else float(free[-allowed - 1]) if allowed < len(free) else -np.inf
        crossing = values > bound * (1.0 + _TIE)
        crossed = crossed | crossing
    return float(np.count_nonzero(crossing)) / len(crossing)


def level_by_parts(looks: Looks, alpha: float) -> float:
    """Level of the last look's test where looks can't be followed together: what it alone may spend."""
    spent = may_be_spent(alpha, looks.at[-2] / looks.most) if len(looks.at) > 1 else 0.0
    return max(may_be_spent(alpha, looks.at[-1] / looks.most) - spent, _LEAST)
