"""Two aligned sides as the arrays that are judged: units by cells by repetitions, with blocks and times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.compare.observed import Floats, Observed, repetitions_of, stacked
from assay.compare.structure.align import Alignment
from assay.record.documents.comparison import Cell
from assay.stats.comparison.question import Labels, Measurements

_FEWEST_SEEN = 0.8
"""A cell that fewer of a side's units have is no cell to judge."""


@dataclass(frozen=True, kw_only=True)
class Arrays:
    """What is handed to the statistics."""

    cells: tuple[Cell, ...]
    """Cells of the baseline that both sides have often enough."""
    counterparts: tuple[Cell, ...]
    """The same cells in the candidate."""
    before: Measurements
    after: Measurements
    rare: tuple[Cell, ...]
    """Cells that both sides have, but not often enough."""


def arrays(
    before: Observed, after: Observed, pairs: Alignment, *, totals: tuple[Floats, Floats] | None, least_share: float
) -> Arrays:
    """Both sides over the cells that they share; a cell with less than that share of the whole is left out."""
    left = stacked(before, [pair[0] for pair in pairs.pairs], repetitions_of(before))
    right = stacked(after, [pair[1] for pair in pairs.pairs], repetitions_of(after))
    usable = _seen(left) & _seen(right) & (_enough(left, least_share) | _enough(right, least_share))
    numbers = np.flatnonzero(usable).tolist()
    labels = _blocks(before, after)
    builds = _builds(before, after)
    sides = []
    for side, observed in enumerate((before, after)):
        sides.append(
            Measurements(
                durations=(left, right)[side][:, usable],
                totals=None if totals is None else totals[side],
                blocks=None if labels is None else labels[side],
                starts_ns=_starts(observed),
                builds=None if builds is None else builds[side],
            )
        )
    return Arrays(
        cells=tuple(pairs.pairs[number][0] for number in numbers),
        counterparts=tuple(pairs.pairs[number][1] for number in numbers),
        before=sides[0],
        after=sides[1],
        rare=tuple(pair[0] for number, pair in enumerate(pairs.pairs) if not usable[number]),
    )


def _seen(values: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    positive = (np.nan_to_num(values) > 0.0).any(axis=2)
    return np.asarray(positive.mean(axis=0) >= _FEWEST_SEEN if len(values) else np.zeros(values.shape[1], bool))


def _enough(values: Floats, least_share: float) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    sums = np.nan_to_num(values).sum(axis=2).sum(axis=0)
    return np.asarray(sums >= least_share * sums.sum())


def _starts(side: Observed) -> Labels | None:
    starts = [one.unit.start_utc_ns for one in side.units]
    return np.array(starts, dtype=np.int64) if all(starts) else None


def _blocks(before: Observed, after: Observed) -> tuple[Labels, Labels] | None:
    """Numbers of the blocks in the order in which they began; None where a unit has none."""
    began: dict[tuple[str, int], int] = {}
    for one in (*before.units, *after.units):
        if one.unit.block is None:
            return None
        began[one.unit.block] = min(began.get(one.unit.block, one.unit.start_utc_ns), one.unit.start_utc_ns)
    number = {block: place for place, block in enumerate(sorted(began, key=lambda block: (began[block], block)))}
    first, second = (
        np.array([number[one.unit.block] for one in side.units if one.unit.block is not None], dtype=np.int64)
        for side in (before, after)
    )
    return first, second


def _builds(before: Observed, after: Observed) -> tuple[Labels, Labels] | None:
    names = {one.unit.build for one in (*before.units, *after.units)}
    if names == {""}:
        return None
    number = {name: place for place, name in enumerate(sorted(names))}
    first, second = (
        np.array([number[one.unit.build] for one in side.units], dtype=np.int64) for side in (before, after)
    )
    return first, second
