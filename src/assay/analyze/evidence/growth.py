"""How the cost of a place develops over the run, and how long it stays there."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from assay.stats.trend import spearman

Floats = NDArray[np.float64]
PARTS = 10
_FEWEST = 30
"""Samples below which nothing is said about development."""


class Development(Struct, frozen=True, kw_only=True):
    """Share of each part of the run that a place took."""

    shares: tuple[float, ...]
    trend: float | None
    """Rank correlation of the shares with time; None where there are too few samples, or no change to speak of."""
    ratio: float | None
    """Share in the last three parts over that in the first three; None where it has none in the first."""


def development(times: NDArray[np.int64], here: Floats, everywhere: Floats, start_ns: int, end_ns: int) -> Development:
    """Share of the time of all samples that ``here`` has, in ten equal parts of the run."""
    part = np.clip((times - start_ns) * PARTS // max(1, end_ns - start_ns), 0, PARTS - 1).astype(np.int64)
    mine, all_ = np.bincount(part, here, PARTS), np.bincount(part, everywhere, PARTS)
    shares = np.divide(mine, all_, out=np.zeros(PARTS), where=all_ > 0)
    if np.count_nonzero(here) < _FEWEST:
        return Development(shares=tuple(shares.tolist()), trend=None, ratio=None)
    first, last = shares[:3].mean(), shares[-3:].mean()
    return Development(
        shares=tuple(shares.tolist()),
        trend=spearman(shares),
        ratio=float(last / first) if first > 0 else None,
    )


class Stays(Struct, frozen=True, kw_only=True):
    """Visits of threads to a place, as far as sampling tells them apart."""

    visits: int
    mean_s: float
    """Mean time of one visit."""


def stays(present: NDArray[np.bool_], seconds: Floats, breaks: NDArray[np.bool_]) -> Stays:
    """Visits are unbroken sequences of samples at the place; ``breaks`` marks the first sample of each thread."""
    entered = present & (breaks | ~np.concatenate([[False], present[:-1]]))
    visits = int(entered.sum())
    return Stays(visits=visits, mean_s=float(seconds[present].sum() / visits) if visits else 0.0)
