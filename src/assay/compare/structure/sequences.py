"""Two sequences laid side by side: the most similar pairs in order, whatever was inserted or taken away."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def aligned(similarity: Floats) -> list[tuple[int, int]]:
    """Pairs of rows and columns, both rising, whose similarities have the largest sum; zero is never a pair.

    Leaving something out costs nothing, so that one insertion moves no pair behind it. Of equally good ways the one
    that pairs earlier is taken, hence two equal sequences are paired one to one.
    """
    best = _table(similarity)
    pairs: list[tuple[int, int]] = []
    row, column = similarity.shape
    while row and column:
        if best[row, column] == best[row, column - 1]:
            column -= 1
        elif best[row, column] == best[row - 1, column]:
            row -= 1
        else:
            row, column = row - 1, column - 1
            pairs.append((row, column))
    return pairs[::-1]


def _table(similarity: Floats) -> Floats:
    """Best sums for every pair of beginnings; within a row, leaving a column out carries the best so far on."""
    rows, columns = similarity.shape
    best = np.zeros((rows + 1, columns + 1))
    for row in range(rows):
        paired = np.where(similarity[row] > 0.0, best[row, :-1] + similarity[row], 0.0)
        best[row + 1, 1:] = np.maximum.accumulate(np.maximum(best[row, 1:], paired))
    return best
