"""Counts that every run of a side has alike: compared as they are, since there is no noise to test against."""

from __future__ import annotations

import numpy as np

from assay.compare.observed import Observed
from assay.compare.structure.align import Alignment
from assay.compare.structure.cell import label_of
from assay.record.documents.comparison import Cell, ExactCount, Outcome
from assay.record.metrics import Better


def exact_counts(before: Observed, after: Observed, pairs: Alignment, better: Better) -> tuple[ExactCount, ...] | None:
    """A line per count, or None where runs of one side disagree, so that it has to be tested like a time."""
    left, right = _counts(before), _counts(after)
    if left is None or right is None:
        return None
    both = [_line(label_of(one), left.get(one), right.get(other), better) for one, other in pairs.pairs]
    gone = [_line(label_of(cell), left.get(cell), None, better) for cell in pairs.only_before]
    new = [_line(label_of(cell), None, right.get(cell), better) for cell in pairs.only_after]
    return (*both, *gone, *new)


def _counts(side: Observed) -> dict[Cell, float] | None:
    found: dict[Cell, float] = {}
    for number, one in enumerate(side.units):
        counts = {cell: float(np.nansum(values)) for cell, values in one.values.items()}
        if number and counts != found:
            return None
        found = counts
    return found


def _line(label: str, before: float | None, after: float | None, better: Better) -> ExactCount:
    return ExactCount(label=label, before=before, after=after, verdict=_verdict(before or 0.0, after or 0.0, better))


def _verdict(before: float, after: float, better: Better) -> Outcome:
    if before == after:
        return Outcome.EQUIVALENT
    if better is Better.NEITHER:
        return Outcome.REFUTED
    return Outcome.CORROBORATED if (after < before) is (better is Better.LOWER) else Outcome.REFUTED
