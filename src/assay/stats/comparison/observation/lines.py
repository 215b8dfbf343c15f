"""From cells to lines: each cell, each group, the common mode and the total, with and without what is shared.

Every step is odd: a block whose sign is turned turns all its lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.stats.comparison.arithmetic import column_means
from assay.stats.comparison.observation.common import FEWEST_FOR_LOADINGS, Mask, loadings, middle, shared_by_others
from assay.stats.comparison.question import Kind, Labels, Place, Values

_COMMON, _TOTAL = -1, -2
_MOST_TAKEN = 0.5
"""Where all cells moved far together, loading and effect can't be told apart, and no factor restores it."""


@dataclass(frozen=True, kw_only=True)
class Observed:
    """Log ratios of blocks, or logarithms of units around a centre that both sides share."""

    cells: Values
    """Shape (observations, cells)."""
    total: Values
    """Shape (observations,)."""
    after: Mask | None
    """Which observations are the candidate's; None where each is a block's difference."""
    shares: Values
    """Shape (cells,): the cell's part of the time of both sides."""
    sums: Values | None = None
    """Shape (observations, cells + 1): the mean of both sides of a block, the total last; no sign changes it."""


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Columns in the order cells, groups, common mode, total."""

    places: tuple[Place, ...]
    raw: Values
    """Shape (observations, lines)."""
    specific: Values
    """The same without what is shared; not a number where nothing could be removed."""
    loadings: Values
    """Shape (lines,): how much of the shared part was removed."""
    restored: Values
    """Shape (lines,): factor on an estimate, because a loading through the origin takes a part of the effect along."""
    leverage: Values
    """Shape (lines,): what the loadings' own uncertainty adds to a difference of sides, in variances of one unit."""
    guide: Values
    """Shape (lines,): variance between blocks of what both sides of a block have together; it may be unknown."""
    likes: Labels
    """Shape (lines,): lines with the same number are of one kind, and may have noise of one size."""

    @property
    def judged(self) -> Values:
        """The specific part where there is one."""
        nothing = np.isnan(self.specific).all(axis=0, keepdims=True)
        judged: Values = np.where(nothing, self.raw, self.specific)
        return judged


def assemble(observed: Observed, groups: Sequence[tuple[int, ...]], left_out: Mask) -> Lines:
    """All lines. Cells that are left out count as shared for nobody; a group without cells is not a number."""
    guide = np.full(observed.cells.shape[1] + len(groups) + 2, np.nan)
    if observed.sums is not None:
        between = _between_blocks(observed, observed.sums)
        deviations = _lines(between, groups, left_out, guide).judged
        guide = column_means(deviations**2)
    return _lines(observed, groups, left_out, guide)


def _between_blocks(observed: Observed, sums: Values) -> Observed:
    around = sums - column_means(sums)
    return Observed(cells=around[:, :-1], total=around[:, -1], after=None, shares=observed.shares)


def _lines(observed: Observed, groups: Sequence[tuple[int, ...]], left_out: Mask, guide: Values) -> Lines:
    cells, usable = observed.cells, ~left_out
    raw = [cells, *(_together(observed, group)[:, None] for group in groups)]
    shared = [shared_by_others(cells, usable)]
    shared += [middle(cells[:, _outside(group, usable)])[:, None] for group in groups]
    values, common = np.concatenate(raw, axis=1), np.concatenate(shared, axis=1)
    around = _within(common, observed.after)
    slopes = loadings(_within(values, observed.after), around, _fewest(observed.after))
    specific = values - slopes * common
    ends = np.stack([middle(cells[:, usable]), observed.total], axis=1)
    places = [Place(kind=Kind.CELL, index=cell) for cell in range(cells.shape[1])]
    places += [Place(kind=Kind.GROUP, index=group) for group in range(len(groups))]
    return Lines(
        places=(*places, Place(kind=Kind.COMMON), Place(kind=Kind.TOTAL)),
        raw=np.concatenate([values, ends], axis=1),
        specific=np.concatenate([specific, np.full_like(ends, np.nan)], axis=1),
        loadings=np.concatenate([np.where(np.isnan(specific).all(axis=0), np.nan, slopes), [np.nan, np.nan]]),
        restored=np.concatenate([_restored(common, values, observed.after), [1.0, 1.0]]),
        leverage=np.concatenate([_leverage(common, around, observed.after), [0.0, 0.0]]),
        guide=guide,
        likes=np.array([1] * cells.shape[1] + [len(group) for group in groups] + [_COMMON, _TOTAL]),
    )


def _together(observed: Observed, group: tuple[int, ...]) -> Values:
    """The group's log ratio, to first order: its cells' weighted by their part of the time."""
    chosen = observed.cells[:, list(group)]
    weights = np.where(np.isnan(chosen), 0.0, observed.shares[list(group)])
    with np.errstate(divide="ignore", invalid="ignore"):
        together: Values = np.nansum(np.nan_to_num(chosen) * weights, axis=1) / weights.sum(axis=1)
    return together


def _outside(group: tuple[int, ...], usable: Mask) -> Mask:
    outside = usable.copy()
    outside[list(group)] = False
    return outside


def _restored(shared: Values, values: Values, after: Mask | None) -> Values:
    """Least squares with an effect besides the loading gives the mean of what remains times this."""
    both = np.where(np.isnan(values), np.nan, shared)
    counts = np.count_nonzero(~np.isnan(both), axis=0)
    squares = np.nansum(both**2, axis=0)
    estimated = (counts >= FEWEST_FOR_LOADINGS) & (squares > 0.0)
    if after is not None or not estimated.any():
        return np.ones(shared.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        taken = np.where(estimated, np.nansum(both, axis=0) ** 2 / counts / squares, 0.0)
    restored: Values = 1.0 / (1.0 - np.minimum(taken, _MOST_TAKEN))
    return restored


def _fewest(after: Mask | None) -> int:
    """Observations from which loadings are estimated: as many on each side where there are sides."""
    return FEWEST_FOR_LOADINGS if after is None else 2 * FEWEST_FOR_LOADINGS


def _leverage(shared: Values, around: Values, after: Mask | None) -> Values:
    lines = np.zeros(shared.shape[1])
    if after is None or len(after) < _fewest(after):
        return lines
    squares = np.nansum(around**2, axis=0)
    apart = np.nan_to_num(shared - around)
    known = squares > 0.0
    # what remains after centring each side is the side's mean
    lines[known] = (apart[after][-1] - apart[~after][-1])[known] ** 2 / squares[known]
    return lines


def _within(values: Values, after: Mask | None) -> Values:
    """Around each side's own mean, where the sides are not differences already."""
    if after is None:
        return values
    result = values.copy()
    for side in (after, ~after):
        result[side] -= column_means(values[side])
    return result
