"""The sign-flip test over all lines at once, and intervals that invert it.

Without a difference, a block's log ratio was as likely to come out with the other sign, in all its lines together, so
that all 2**n sign patterns are equally likely: no distribution, no equal variances, no independence is assumed.
The largest statistic over all lines says how far chance alone gets anywhere (Westfall and Young 1993).

Two things make the statistic sharper, and see only what no sign changes, so that the test stays exact: a standard error
that leans on what is known of its size (``leaning``), and values far outside that are drawn in, by their size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.stats.comparison.arithmetic import NORMAL_SPREAD, normal_statistic, student_quantile, student_statistic
from assay.stats.comparison.observation.common import Mask
from assay.stats.comparison.observation.lines import Lines
from assay.stats.comparison.question import Values
from assay.stats.comparison.testing.leaning import lean
from assay.stats.comparison.testing.tested import TWO_ONE_SIDED, Tested

MOST_EXACT_BLOCKS = 12
RANDOM_PATTERNS = 2_000
_FEWEST_BLOCKS = 5
_TIE = 1e-10
_FEWEST_TO_DRAW_IN = 10
_FAR_OUT = 3.0


@dataclass(frozen=True, kw_only=True)
class Patterns:
    """Sign patterns; the first is the one that was observed."""

    signs: Values
    """Shape (patterns, blocks), +1 or -1."""
    exact: bool


def patterns(blocks: int, seed: int, all_up_to: int = MOST_EXACT_BLOCKS) -> Patterns:
    """All sign patterns up to twelve blocks, else the observed one and 1,999 random ones."""
    if blocks <= all_up_to:
        numbers = np.arange(2**blocks, dtype=np.int64)
        turned = (numbers[:, None] >> np.arange(blocks) & 1).astype(np.float64)
        return Patterns(signs=1.0 - 2.0 * turned, exact=True)
    # drawn block by block, so that the patterns of fewer blocks are the beginnings of these
    turned = np.random.default_rng(seed).integers(0, 2, size=(blocks, RANDOM_PATTERNS)).T.astype(np.float64)
    turned[0] = 0.0
    return Patterns(signs=1.0 - 2.0 * turned, exact=False)


@dataclass(frozen=True, kw_only=True)
class Flipped:
    """Every line's statistic under every pattern."""

    statistics: Values
    """Shape (patterns, lines), absolute normal deviates, so that no line stands out for having few degrees of freedom;
    zero where a line can't be tested.
    """
    estimate: Values
    error: Values
    freedom: Values
    observations: Values


def drawn_in(values: Values) -> Values:
    """Values further out than a few spreads of their line, by size alone, moved to that distance."""
    if len(values) < _FEWEST_TO_DRAW_IN:
        return values
    sizes = np.abs(values)
    ordered = np.sort(sizes, axis=0)
    counts = np.count_nonzero(~np.isnan(sizes), axis=0)
    middles = ordered[np.maximum(counts - 1, 0) // 2, np.arange(values.shape[1])]
    reach = np.where(middles > 0.0, _FAR_OUT * NORMAL_SPREAD * middles, np.inf)
    drawn: Values = np.clip(values, -reach, reach)
    return drawn


def flipped(values: Values, lines: Lines, tied: Mask, signs: Values) -> Flipped:
    """Studentised means of all lines under all patterns."""
    present = ~np.isnan(values)
    counts = present.sum(axis=0).astype(np.float64)
    usable = (counts >= _FEWEST_BLOCKS) & ~tied
    values = np.where(present & usable, values, 0.0)
    squares = (values**2).sum(axis=0)
    prior, weight = lean(np.where(usable, squares, np.nan), counts, lines.guide, lines.likes)
    counted = np.maximum(counts, 1.0)
    freedom = np.where(usable, weight + counted - 1.0, 1.0)
    # t**2 / freedom: mean**2 / ((weight * prior + squares - counts * mean**2) / counts)
    squared = (signs @ values) ** 2
    below = (weight * prior + squares) * counted - squared
    floor = np.where(squares > 0.0, 1e-12 * squares * counted, 1.0)
    np.maximum(below, floor, out=below)
    observed = np.sqrt(below[0] / freedom) / counted
    np.divide(squared, below, out=squared)
    squared *= np.where(usable, 1.0, 0.0)
    unknown = np.where(usable, 0.0, np.nan)
    return Flipped(
        statistics=normal_statistic(squared, freedom),
        estimate=values.sum(axis=0) / counted + np.where(counts >= 1.0, 0.0, np.nan),
        error=observed + unknown,
        freedom=freedom + unknown,
        observations=counts,
    )


def line_statistics(lines: Lines, tied: Mask, signs: Values) -> Values:
    """Every line's statistic under every pattern, shape (patterns, lines)."""
    return flipped(drawn_in(lines.judged), lines, tied, signs).statistics


def by_signs(lines: Lines, tied: Mask, chosen: Patterns, level: float) -> Tested:
    """P values, corrected p values and intervals of all lines."""
    values = drawn_in(lines.judged)
    result = flipped(values, lines, tied, chosen.signs)
    observed = result.statistics[0] * (1.0 - _TIE)
    usable = ~np.isnan(result.error)
    reached = np.count_nonzero(result.statistics >= observed, axis=0)
    largest = np.sort(result.statistics.max(axis=1))
    as_large = len(largest) - np.searchsorted(largest, observed, side="left")
    place = min(len(largest) - 1, int(np.ceil((1.0 - level) * len(largest))))
    # a look that may spend nothing still has the widest interval that the patterns give
    of_ends = max(level, 2.0 / len(largest))
    low, low_narrow, high_narrow, high = _ends(values, result, chosen, of_ends)
    return Tested(
        estimate=result.estimate * lines.restored,
        error=result.error * lines.restored,
        freedom=result.freedom,
        observations=result.observations,
        p_value=np.where(usable, reached / len(largest), np.nan),
        p_adjusted=np.where(usable, as_large / len(largest), np.nan),
        low=low * lines.restored,
        high=high * lines.restored,
        low_narrow=low_narrow * lines.restored,
        high_narrow=high_narrow * lines.restored,
        critical=student_statistic(float(largest[place]), result.freedom),
    )


def _ends(values: Values, result: Flipped, chosen: Patterns, level: float) -> list[Values]:
    """Lower ends for ``level`` and for two one-sided tests, upper ends in the other order.

    Means of subsets of the blocks cut the line into pieces that hold the centre equally likely (Hartigan 1969). Where
    there are too few subsets for the level, Student's interval.
    """
    subsets = len(chosen.signs) - 1
    outside = [int((subsets + 1) * part / 2.0) for part in (level, TWO_ONE_SIDED * level)]
    usable = ~np.isnan(result.error)
    if outside[0] < 1:
        halves = [
            student_quantile(1.0 - part / 2.0, result.freedom) * result.error for part in (level, TWO_ONE_SIDED * level)
        ]
        return [result.estimate + half for half in (-halves[0], -halves[1], halves[1], halves[0])]
    places = [outside[0] - 1, outside[1] - 1, subsets - outside[1], subsets - outside[0]]
    means = _subset_means(values[:, usable], chosen)
    means.partition(sorted(set(places)), axis=1)
    ends = []
    for place in places:
        end = np.full(len(usable), np.nan)
        end[usable] = means[:, place]
        ends.append(end)
    return ends


def _subset_means(values: Values, chosen: Patterns) -> Values:
    """Shape (lines, subsets): the blocks that a pattern turned, without the pattern that turned none."""
    subsets = (chosen.signs[1:] < 0.0).astype(np.float64)
    present = ~np.isnan(values)
    counts = present.T.astype(np.float64) @ subsets.T
    with np.errstate(divide="ignore", invalid="ignore"):
        means = (np.where(present, values, 0.0).T @ subsets.T) / counts
    # a subset that holds nothing of a line says nothing of it: it counts on both ends in turn
    empty = ~np.isfinite(means)
    means[empty] = np.where(np.arange(np.count_nonzero(empty)) % 2 == 0, -np.inf, np.inf)
    return means
