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
from assay.stats.comparison.testing.alike import hold_alike
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
        claimed = _below(tested.p_adjusted, level) & hold_alike(lines, tested, tested.critical)
        strength = np.nan_to_num(np.abs(tested.estimate) / np.maximum(tested.error, _LEAST_ERROR))
        standing = _Standing(claimed=claimed, strength=strength, estimate=tested.estimate, shares=observed.shares)
        fresh_cells, fresh_group = _strongest(standing, members, left_out, accepted)
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


@dataclass(frozen=True, kw_only=True)
class _Standing:
    """How the lines stand after a pass."""

    claimed: Mask
    strength: Values
    estimate: Values
    shares: Values


def _strongest(standing: _Standing, members: Groups, left_out: Mask, accepted: Mask) -> tuple[Mask, int | None]:
    """New cells that are stronger than every new group, or the strongest new group.

    A group whose other cells moved less than half as far is what its claimed cells make of it: these come first.
    """
    cells, groups = len(left_out), len(accepted)
    claimed, strength = standing.claimed, standing.strength
    fresh = claimed[:cells] & ~left_out
    of_groups = np.where(claimed[cells : cells + groups] & ~accepted, strength[cells : cells + groups], -1.0)
    best = int(np.argmax(of_groups)) if groups else 0
    bar = of_groups[best] if groups else -1.0
    stronger: Mask = fresh & (strength[:cells] >= bar)
    if bar >= 0.0:
        inside = np.isin(np.arange(cells), members[best])
        if not _goes_on_without(standing, inside & ~fresh, float(standing.estimate[cells + best])):
            stronger |= fresh & inside
    if stronger.any() or bar < 0.0:
        return stronger, None
    return np.zeros(cells, np.bool_), best


def _goes_on_without(standing: _Standing, rest: Mask, whole: float) -> bool:
    """The rest of a group moved the same way as the whole of it, and at least half as far."""
    shares = standing.shares[rest]
    moved = np.nan_to_num(standing.estimate[: len(rest)][rest])
    if not shares.sum() > 0.0:
        return True
    return bool(np.sign(whole) * (shares @ moved) / shares.sum() >= 0.5 * abs(whole))


def _enough_left(left_out: Mask) -> bool:
    """Half of the cells, and at least four, still say what is shared."""
    remaining = np.count_nonzero(~left_out)
    return bool(remaining > FEWEST_OTHERS and 2 * remaining >= len(left_out))
