"""Change points of a series: where its level moved for good, by ranks, so that single outliers move nothing.

The most unlike split of a stretch is a change if few random orders of the same numbers have one that is as unlike
(a permutation test of the largest rank statistic); both parts are then searched in the same way. A series that
wanders has many such points: a change point says where to look, and is no proof of a cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST_IN_PART = 3
"""A level needs that many numbers."""
LEVEL = 0.01
_ORDERS = 999


@dataclass(frozen=True, kw_only=True)
class ChangePoint:
    """A moved level."""

    index: int
    """The first number of the new level."""
    before: float
    """Median of the level before."""
    after: float
    """Median of the new level, up to the next change."""
    p_value: float
    """Share of random orders with as unlike a split."""


def change_points(values: Sequence[float], *, level: float = LEVEL, seed: int = 0) -> tuple[ChangePoint, ...]:
    """Every change point, first to last; ``seed`` draws the random orders."""
    series = np.asarray(values, dtype=np.float64)
    source = np.random.default_rng(seed)
    found = sorted(_split(series, 0, level, source))
    edges = [0, *(index for index, _ in found), len(series)]
    return tuple(
        ChangePoint(
            index=index,
            before=float(np.median(series[edges[number] : index])),
            after=float(np.median(series[index : edges[number + 2]])),
            p_value=p_value,
        )
        for number, (index, p_value) in enumerate(found)
    )


def _split(series: Floats, offset: int, level: float, source: np.random.Generator) -> list[tuple[int, float]]:
    if len(series) < 2 * FEWEST_IN_PART:
        return []
    ranks = _ranks(series)
    observed, index = _most_unlike(ranks[None, :])
    orders = source.permuted(np.tile(ranks, (_ORDERS, 1)), axis=1)
    others, _ = _most_unlike(orders)
    p_value = (1 + int((others >= observed[0] - 1e-12).sum())) / (_ORDERS + 1)
    if p_value > level or observed[0] == 0.0:
        return []
    place = int(index[0])
    left, right = _split(series[:place], offset, level, source), _split(series[place:], offset + place, level, source)
    return [*left, (offset + place, p_value), *right]


def _most_unlike(ranks: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """For each row the largest standardised difference of mean ranks over all splits, and where it is."""
    length = ranks.shape[1]
    splits = np.arange(FEWEST_IN_PART, length - FEWEST_IN_PART + 1)
    centred = ranks - ranks.mean(axis=1, keepdims=True)
    sums = np.cumsum(centred, axis=1)[:, splits - 1]
    unlike = np.abs(sums) / np.sqrt(splits * (length - splits) / length)
    best = unlike.argmax(axis=1)
    return unlike[np.arange(len(unlike)), best], splits[best]


def _ranks(series: Floats) -> Floats:
    """Ranks, equal numbers sharing theirs."""
    _, inverse, counts = np.unique(series, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Floats = (ends - (counts - 1) / 2.0)[inverse]
    return ranks
