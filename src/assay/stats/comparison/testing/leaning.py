"""Standard errors from few blocks lean on what else is known of their size (Smyth 2004).

Two things are known of a line's variance besides its own blocks: how noisy lines of its kind are, and how noisy the
same line is between blocks, where both sides stand together. How far either can be trusted shows in how well it
foretells the variances at hand.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from assay.stats.comparison.arithmetic import NORMAL_SPREAD
from assay.stats.comparison.question import Labels, Values

_FEWEST_ALIKE = 4
_MOST_WEIGHT = 4.0
"""Times the blocks: beyond, more trust changes nothing."""
_FAR_OUT = 3.0 * NORMAL_SPREAD


def lean(squares: Values, counts: Values, guide: Values, likes: Labels) -> tuple[Values, Values]:
    """For every line the variance that is foretold, and how many observations that is worth (zero: nothing is).

    ``squares`` are sums over ``counts`` blocks; ``guide`` is the same line's variance between blocks.
    """
    prior, weight = np.zeros(len(squares)), np.zeros(len(squares))
    for like in np.unique(likes):
        here = (likes == like) & (squares > 0.0)
        if np.count_nonzero(here) >= _FEWEST_ALIKE:
            prior[here], weight[here] = _foretold(squares[here] / counts[here], counts[here], guide[here])
    return prior, weight


def _foretold(variances: Values, counts: Values, guide: Values) -> tuple[Values, Values]:
    """Scaled inverse chi-squared, by moments of the logarithms around a line through the guide."""
    half = counts / 2.0
    logs = np.log(variances) - special.digamma(half) + np.log(half)
    expected = _through(logs, guide)
    rest = logs - expected
    reach = _FAR_OUT * float(np.median(np.abs(rest))) + 1e-12
    rest = np.clip(rest, -reach, reach)
    beyond = float((rest**2).sum() / max(len(rest) - 2, 1) - special.polygamma(1, half).mean())
    most = _MOST_WEIGHT * float(counts.mean())
    weight = most if beyond <= 0.0 else min(most, 2.0 * _inverse_trigamma(beyond))
    centre = expected + rest.mean() + special.digamma(weight / 2.0) - np.log(weight / 2.0)
    return np.exp(centre), np.full(len(variances), weight)


def _through(logs: Values, guide: Values) -> Values:
    """The line's expected logarithm: the kind's middle, moved by as much of the guide as has proven true."""
    middle = np.full(len(logs), np.median(logs))
    if not (np.isfinite(guide) & (guide > 0.0)).all() or len(logs) < 2 * _FEWEST_ALIKE:
        return middle
    centred = np.log(guide) - np.median(np.log(guide))
    spread = float((centred**2).sum())
    if spread == 0.0:
        return middle
    slope = float(np.clip((centred * (logs - middle)).sum() / spread, 0.0, 1.0))
    moved = logs - slope * centred
    expected: Values = slope * centred + np.median(moved)
    return expected


def _inverse_trigamma(value: float) -> float:
    guess = 0.5 + 1.0 / value
    for _ in range(20):
        trigamma = float(special.polygamma(1, guess))
        guess += trigamma * (1.0 - trigamma / value) / float(special.polygamma(2, guess))
    return guess
