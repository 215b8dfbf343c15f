"""From cells to lines: each cell, each group, the common mode and the total, with and without what is shared.

Every step is odd: a block whose sign is turned turns all its lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.stats.comparison.arithmetic import column_means
from assay.stats.comparison.observation.common import Mask, middle, shared_by_others
from assay.stats.comparison.observation.loadings import Drawn, loadings
from assay.stats.comparison.question import Kind, Labels, Place, Values

_COMMON, _TOTAL = -1, -2


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
    drawn, steps = _drawn(observed, groups, left_out), None
    if observed.sums is not None:
        between = _between_blocks(observed, observed.sums)
        steps = _drawn(between, groups, left_out)
    taken = loadings(drawn, steps, observed.after)
    specific = drawn.values - taken.slopes * drawn.shared
    ends = _ends(observed, left_out)
    nothing = np.full_like(ends, np.nan)
    guide = np.full(specific.shape[1] + 2, np.nan)
    if steps is not None:
        moved = steps.values - np.nan_to_num(taken.slopes * steps.shared)
        guide = column_means(np.concatenate([moved, _ends(between, left_out)], axis=1) ** 2)
    slopes = np.where(np.isnan(specific).all(axis=0), np.nan, taken.slopes)
    return Lines(
        places=_places(observed.cells.shape[1], len(groups)),
        raw=np.concatenate([drawn.values, ends], axis=1),
        specific=np.concatenate([specific, nothing], axis=1),
        loadings=np.append(slopes, [np.nan, np.nan]),
        restored=np.append(taken.restored, [1.0, 1.0]),
        leverage=np.append(taken.leverage, [0.0, 0.0]),
        guide=guide,
        likes=np.array([1] * observed.cells.shape[1] + [len(group) for group in groups] + [_COMMON, _TOTAL]),
    )


def _places(cells: int, groups: int) -> tuple[Place, ...]:
    places = [Place(kind=Kind.CELL, index=cell) for cell in range(cells)]
    places += [Place(kind=Kind.GROUP, index=group) for group in range(groups)]
    return (*places, Place(kind=Kind.COMMON), Place(kind=Kind.TOTAL))


def _between_blocks(observed: Observed, sums: Values) -> Observed:
    """How both sides together moved from one block to the next."""
    steps = np.diff(sums, axis=0)
    return Observed(cells=steps[:, :-1], total=steps[:, -1], after=None, shares=observed.shares)


def _drawn(observed: Observed, groups: Sequence[tuple[int, ...]], left_out: Mask) -> Drawn:
    cells, usable = observed.cells, ~left_out
    values = [cells, *(_together(observed, group)[:, None] for group in groups)]
    shared = [shared_by_others(cells, usable)]
    shared += [middle(cells[:, _outside(group, usable)])[:, None] for group in groups]
    return Drawn(values=np.concatenate(values, axis=1), shared=np.concatenate(shared, axis=1))


def _ends(observed: Observed, left_out: Mask) -> Values:
    """The common mode and the total."""
    return np.stack([middle(observed.cells[:, ~left_out]), observed.total], axis=1)


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
