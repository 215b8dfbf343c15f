"""One number per unit for the lines that are drawn: the middle of its repetitions."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from msgspec import structs

from assay.compare.observed import Floats
from assay.compare.table.arrays import Arrays
from assay.record.documents.comparison import ComparedLine
from assay.stats.comparison.question import Kind, Measurements, Place


def with_values(line: ComparedLine, place: Place, arrays: Arrays, groups: Sequence[tuple[int, ...]]) -> ComparedLine:
    """The line with what each unit measured there."""
    sides = [_of_side(side, place, groups) for side in (arrays.before, arrays.after)]
    before, after = (tuple(float(value) for value in side if np.isfinite(value)) for side in sides)
    return structs.replace(line, before_values=before, after_values=after)


def _of_side(side: Measurements, place: Place, groups: Sequence[tuple[int, ...]]) -> Floats:
    """Cells of one repetition add up; of the repetitions the middle is taken."""
    if place.kind is Kind.COMMON:
        return np.zeros(0)
    if place.kind is Kind.TOTAL and side.totals is not None:
        chosen = side.totals[:, None, :]
    elif place.kind is Kind.CELL:
        chosen = side.durations[:, [place.index], :]
    elif place.kind is Kind.GROUP:
        chosen = side.durations[:, list(groups[place.index]), :]
    else:
        chosen = side.durations
    present = ~np.isnan(chosen).all(axis=1)
    together = np.where(present, np.nansum(chosen, axis=1), np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmedian(together, axis=1), dtype=np.float64)
