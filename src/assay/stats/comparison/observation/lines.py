"""From cells to lines: each cell, each group, the common mode and the total, with and without what is shared.

Every step is odd: a block whose sign is turned turns all its lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.stats.comparison.observation.common import Mask, loadings, middle, shared_by_others
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
    cells, usable = observed.cells, ~left_out
    raw = [cells, *(_together(observed, group)[:, None] for group in groups)]
    shared = [shared_by_others(cells, usable)]
    shared += [middle(cells[:, _outside(group, usable)])[:, None] for group in groups]
    values, common = np.concatenate(raw, axis=1), np.concatenate(shared, axis=1)
    slopes = loadings(_within(values, observed.after), _within(common, observed.after))
    specific = values - slopes * common
    ends = np.stack([middle(cells[:, usable]), observed.total], axis=1)
    places = [Place(kind=Kind.CELL, index=cell) for cell in range(cells.shape[1])]
    places += [Place(kind=Kind.GROUP, index=group) for group in range(len(groups))]
    return Lines(
        places=(*places, Place(kind=Kind.COMMON), Place(kind=Kind.TOTAL)),
        raw=np.concatenate([values, ends], axis=1),
        specific=np.concatenate([specific, np.full_like(ends, np.nan)], axis=1),
        loadings=np.concatenate([np.where(np.isnan(specific).all(axis=0), np.nan, slopes), [np.nan, np.nan]]),
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


def _within(values: Values, after: Mask | None) -> Values:
    """Around each side's own mean, where the sides are not differences already."""
    if after is None:
        return values
    result = values.copy()
    for side in (after, ~after):
        present = ~np.isnan(values[side])
        counts = np.maximum(present.sum(axis=0), 1)
        result[side] -= np.nan_to_num(values[side]).sum(axis=0) / counts
    return result
