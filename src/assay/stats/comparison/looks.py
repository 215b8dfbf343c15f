"""Looking while blocks are still being collected, without paying for it in false claims.

At the first looks almost nothing of alpha may be spent, so that nearly all is left for the last one (O'Brien and
Fleming 1979, as a spending function after Lan and DeMets 1983).
"""

from __future__ import annotations

import math

from scipy import special

from assay.stats.comparison.question import Looks


def may_be_spent(alpha: float, fraction: float) -> float:
    """Probability of a false claim that all looks up to this fraction of the blocks may spend together."""
    if fraction <= 0.0:
        return 0.0
    bound = float(special.ndtri(1.0 - alpha / 2.0)) / math.sqrt(min(fraction, 1.0))
    return float(2.0 * special.ndtr(-bound))


def level_now(alpha: float, looks: Looks | None) -> float:
    """Level of the test at the last of the looks."""
    if looks is None or not looks.at:
        return alpha
    spent = may_be_spent(alpha, looks.at[-2] / looks.most) if len(looks.at) > 1 else 0.0
    return max(may_be_spent(alpha, looks.at[-1] / looks.most) - spent, 0.0)
