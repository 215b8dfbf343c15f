"""The sign-flip test over all lines at once, and intervals that invert it.

Without a difference, a block's log ratio was as likely to come out with the other sign, in all its lines together, so
that all 2**n sign patterns are equally likely: no distribution, no equal variances, no independence is assumed.
The largest statistic over all lines says how far chance alone gets anywhere (Westfall and Young 1993).

The statistic's standard error leans towards that of lines of the same kind (Smyth 2004): with few blocks a line's own
variance is a poor estimate. The lean is chosen from squares alone, which no sign changes, so that the test stays exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from assay.stats.comparison.observation.common import Mask
from assay.stats.comparison.observation.lines import Lines
from assay.stats.comparison.question import Labels, Values
from assay.stats.comparison.testing.tested import Tested, student_quantile

MOST_EXACT_BLOCKS = 12
RANDOM_PATTERNS = 2_000
_FEWEST_BLOCKS = 5
_FEWEST_ALIKE = 4
_TIE = 1e-10


@dataclass(frozen=True, kw_only=True)
class Patterns:
    """Sign patterns; the first is the one that was observed."""

    signs: Values
    """Shape (patterns, blocks), +1 or -1."""
    exact: bool


def patterns(blocks: int, seed: int) -> Patterns:
    """All sign patterns up to twelve blocks, else the observed one and 1,999 random ones."""
    if blocks <= MOST_EXACT_BLOCKS:
        numbers = np.arange(2**blocks, dtype=np.int64)
        turned = (numbers[:, None] >> np.arange(blocks) & 1).astype(np.float64)
        return Patterns(signs=1.0 - 2.0 * turned, exact=True)
    turned = np.random.default_rng(seed).integers(0, 2, size=(RANDOM_PATTERNS, blocks)).astype(np.float64)
    turned[0] = 0.0
    return Patterns(signs=1.0 - 2.0 * turned, exact=False)


@dataclass(frozen=True, kw_only=True)
class Flipped:
    """Every line's statistic under every pattern."""

    statistics: Values
    """Shape (patterns, lines), absolute; zero where a line can't be tested."""
    estimate: Values
    error: Values
    freedom: Values
    observations: Values


def flipped(lines: Lines, tied: Mask, signs: Values) -> Flipped:
    """Studentised means of all lines under all patterns."""
    values = lines.judged
    present = ~np.isnan(values)
    counts = present.sum(axis=0).astype(np.float64)
    usable = (counts >= _FEWEST_BLOCKS) & ~tied
    values = np.where(present & usable, values, 0.0)
    squares = (values**2).sum(axis=0)
    prior, weight = _lean(np.where(usable, squares, np.nan), counts, lines.likes)
    means = (signs @ values) / np.maximum(counts, 1.0)
    remaining = np.maximum(squares - counts * means**2, 0.0)
    freedom = weight + counts - 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        errors = np.sqrt((weight * prior + remaining) / freedom / counts)
        floor = 1e-9 * np.sqrt(squares) / counts
        statistics = np.where(usable & (squares > 0.0), np.abs(means) / np.maximum(errors, floor), 0.0)
    unknown = np.where(usable, 0.0, np.nan)
    return Flipped(
        statistics=np.nan_to_num(statistics),
        estimate=means[0] + np.where(counts >= 1, 0.0, np.nan),
        error=errors[0] + unknown,
        freedom=freedom + unknown,
        observations=counts,
    )


def _lean(squares: Values, counts: Values, likes: Labels) -> tuple[Values, Values]:
    """For every line the variance of its kind, and how many observations that is worth."""
    prior, weight = np.zeros(len(squares)), np.zeros(len(squares))
    for like in np.unique(likes):
        here = (likes == like) & (squares > 0.0)
        if np.count_nonzero(here) >= _FEWEST_ALIKE:
            prior[here], weight[here] = _moments(squares[here] / counts[here], counts[here])
    return prior, weight


def _moments(variances: Values, counts: Values) -> tuple[float, float]:
    """Scaled inverse chi-squared by moments of the logarithms; outliers are drawn in to three median deviations."""
    half = counts / 2.0
    scaled = np.log(variances) - special.digamma(half) + np.log(half)
    centre = float(np.median(scaled))
    reach = 3.0 * 1.4826 * float(np.median(np.abs(scaled - centre))) + 1e-12
    drawn = np.clip(scaled, centre - reach, centre + reach)
    beyond = float(drawn.var(ddof=1) - special.polygamma(1, half).mean())
    most = 2.0 * float(counts.mean())
    weight = most if beyond <= 0.0 else min(most, 2.0 * _inverse_trigamma(beyond))
    return float(np.exp(drawn.mean() + special.digamma(weight / 2.0) - np.log(weight / 2.0))), weight


def _inverse_trigamma(value: float) -> float:
    guess = 0.5 + 1.0 / value
    for _ in range(20):
        trigamma = float(special.polygamma(1, guess))
        guess += trigamma * (1.0 - trigamma / value) / float(special.polygamma(2, guess))
    return guess


def by_signs(lines: Lines, tied: Mask, chosen: Patterns, level: float) -> Tested:
    """P values, corrected p values and intervals of all lines."""
    result = flipped(lines, tied, chosen.signs)
    observed = result.statistics[0]
    usable = ~np.isnan(result.error)
    reached = result.statistics >= observed * (1.0 - _TIE)
    largest = np.sort(result.statistics.max(axis=1))
    as_large = len(largest) - np.searchsorted(largest, observed * (1.0 - _TIE), side="left")
    place = min(len(largest) - 1, int(np.ceil((1.0 - level) * len(largest))))
    wide = intervals(lines, result, chosen, level)
    narrow = intervals(lines, result, chosen, 2.0 * level)
    return Tested(
        estimate=result.estimate,
        error=result.error,
        freedom=result.freedom,
        observations=result.observations,
        p_value=np.where(usable, reached.mean(axis=0), np.nan),
        p_adjusted=np.where(usable, as_large / len(largest), np.nan),
        low=wide[0],
        high=wide[1],
        low_narrow=narrow[0],
        high_narrow=narrow[1],
        critical=np.full(len(observed), largest[place]),
    )


def intervals(lines: Lines, result: Flipped, chosen: Patterns, level: float) -> tuple[Values, Values]:
    """Means of subsets of the blocks: they cut the line into pieces that hold the centre equally likely.

    (Hartigan 1969.) Where there are too few subsets for the level, Student's interval.
    """
    values = lines.judged
    present = (~np.isnan(values)).astype(np.float64)
    subsets = (chosen.signs[1:] < 0.0).astype(np.float64)
    counts = subsets @ present
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.where(counts > 0.0, (subsets @ np.nan_to_num(values)) / counts, np.nan)
    outside = int((len(means) + 1) * level / 2.0)
    usable = ~np.isnan(result.error)
    if outside < 1 or np.isnan(means[:, usable]).any():
        half = student_quantile(1.0 - level / 2.0, result.freedom) * result.error
        return result.estimate - half, result.estimate + half
    ordered = np.partition(means, (outside - 1, len(means) - outside), axis=0)
    unknown = np.where(usable, 0.0, np.nan)
    return ordered[outside - 1] + unknown, ordered[len(means) - outside] + unknown
