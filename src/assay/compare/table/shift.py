"""Savings that turned up elsewhere: a function became cheaper, and the one that calls it takes as long as before."""

from __future__ import annotations

import numpy as np

from assay.compare.observed import Observed
from assay.compare.structure.cell import label_of
from assay.record.documents.comparison import Cell, ComparedLine, CostShift, Outcome

_KEPT = 0.5
"""A caller that saves less than this part of what its function saved has spent it elsewhere."""


def cost_shifts(lines: tuple[ComparedLine, ...], before: Observed, after: Observed) -> tuple[CostShift, ...]:
    """Every shown saving that the caller does not share, the largest first."""
    found = []
    for line in lines:
        if line.verdict is not Outcome.CORROBORATED or line.direction != "less" or line.cell is None:
            continue
        parent = _parent(line.cell, before)
        if parent is None or line.before is None or line.after is None:
            continue
        saved, kept = line.before - line.after, _inclusive(parent, before) - _inclusive(parent, after)
        if kept < _KEPT * saved:
            found.append(CostShift(function=line.label, parent=label_of(parent), saved=saved, parent_saved=kept))
    return tuple(sorted(found, key=lambda shift: -shift.saved))


def _parent(cell: Cell, side: Observed) -> Cell | None:
    """The caller that most units name."""
    named = [one.parents[cell] for one in side.units if cell in one.parents]
    return max(set(named), key=lambda one: (named.count(one), label_of(one))) if named else None


def _inclusive(cell: Cell, side: Observed) -> float:
    """The middle unit's time in the function and all it calls."""
    return float(np.median([one.inclusive.get(cell, 0.0) for one in side.units])) if side.units else 0.0
