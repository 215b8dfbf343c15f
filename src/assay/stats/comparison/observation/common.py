"""What all cells share: frequency, neighbours, heat. It is measured on the *other* cells."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from assay.stats.comparison.question import Values

Mask = NDArray[np.bool_]

FEWEST_OTHERS = 3
"""Fewer other cells can't say what is shared."""


def shared_by_others(values: Values, usable: Mask) -> Values:
    """For each cell, the median over the other usable cells; shape (observations, cells)."""
    cells = values.shape[1]
    if np.isnan(values).any():
        each = np.arange(cells)
        return np.stack([middle(values[:, usable & (each != cell)]) for cell in each], axis=1)
    shared = np.repeat(middle(values[:, usable])[:, None], cells, axis=1)
    if np.count_nonzero(usable) <= FEWEST_OTHERS:
        shared[:, usable] = np.nan
        return shared
    shared[:, usable] = _without_itself(values[:, usable])
    return shared


def _without_itself(values: Values) -> Values:
    """Median of each row without one of its values, for each of them, from a single sorting."""
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    count = values.shape[1] - 1
    rank = np.arange(values.shape[1])
    low, high = (count - 1) // 2, count // 2
    by_rank = 0.5 * (ordered[:, low + (rank <= low)] + ordered[:, high + (rank <= high)])
    result = np.empty_like(values)
    np.put_along_axis(result, order, by_rank, axis=1)
    return result


def middle(values: Values) -> Values:
    """Median of each row, without what is missing; not a number where fewer than three cells are left."""
    if values.shape[1] < FEWEST_OTHERS:
        return np.full(len(values), np.nan)
    if not np.isnan(values).any():
        median: Values = np.median(values, axis=1)
        return median
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        present: Values = np.nanmedian(values, axis=1)
    return present
