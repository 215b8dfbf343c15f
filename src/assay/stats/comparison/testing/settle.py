"""Which lines differ: all are tested, and again without what is claimed, until nothing new is found.

A changed cell changes its groups too, and pulls at what the others share. The strongest claim is taken first; its
cells then count as shared for nobody and in no other group, and the rest is tested again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assay.stats.comparison.observation.common import FEWEST_OTHERS, Mask
from assay.stats.comparison.observation.lines import Lines, Observed, assemble
from assay.stats.comparison.question import Values
from assay.stats.comparison.testing.tested import Tested

Test = Callable[[Lines, float], Tested]
Groups = tuple[tuple[int, ...], ...]

_MOST_PASSES = 12
_LEAST_ERROR = 1e-15


@dataclass(frozen=True, kw_only=True)
class Settled:
    """The last pass."""

    lines: Lines
    tested: Tested
    claimed: Mask
    """Shape (lines,)."""
    groups: Groups
    """The cells of each group that were left in it."""
    left_out: Mask
    """Shape (cells,): cells of claims, which count as shared for nobody."""


def settle(observed: Observed, groups: Groups, test: Test, level: float) -> Settled:
    """Test, leave the strongest claims out, and test again."""
    cells = observed.cells.shape[1]
    left_out, accepted, members = np.zeros(cells, np.bool_), np.zeros(len(groups), np.bool_), groups
    for _ in range(_MOST_PASSES):
        lines = assemble(observed, members, left_out)
        tested = test(lines, level)
        claimed = _below(tested.p_adjusted, level)
        strength = np.nan_to_num(np.abs(tested.estimate) / np.maximum(tested.error, _LEAST_ERROR))
        fresh_cells, fresh_group = _strongest(claimed, strength, left_out, accepted)
        grown = left_out.copy()
        grown[fresh_cells] = True
        if fresh_group is not None:
            grown[list(members[fresh_group])] = True
        if not grown.any() or (grown == left_out).all() or not _enough_left(grown):
            break
        if fresh_group is not None:
            accepted[fresh_group] = True
        left_out = grown
        members = tuple(
            part if accepted[index] else tuple(cell for cell in part if not left_out[cell])
            for index, part in enumerate(members)
        )
    return Settled(lines=lines, tested=tested, claimed=claimed, groups=members, left_out=left_out)


def _below(p_values: Values, level: float) -> Mask:
    below: Mask = np.nan_to_num(p_values, nan=1.0) <= level
    return below


def _strongest(claimed: Mask, strength: Values, left_out: Mask, accepted: Mask) -> tuple[Mask, int | None]:
    """New cells that are stronger than every new group, or the strongest new group."""
    cells, groups = len(left_out), len(accepted)
    fresh = claimed[:cells] & ~left_out
    of_groups = np.where(claimed[cells : cells + groups] & ~accepted, strength[cells : cells + groups], -1.0)
    best = int(np.argmax(of_groups)) if groups else 0
    bar = of_groups[best] if groups else -1.0
    stronger: Mask = fresh & (strength[:cells] >= bar)
    if stronger.any() or bar < 0.0:
        return stronger, None
    return np.zeros(cells, np.bool_), best


def _enough_left(left_out: Mask) -> bool:
    """Half of the cells, and at least four, still say what is shared."""
    remaining = np.count_nonzero(~left_out)
    return bool(remaining > FEWEST_OTHERS and 2 * remaining >= len(left_out))
