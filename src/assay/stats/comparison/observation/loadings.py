"""How much of what the other cells share each line takes.

Two things tell: the differences of the sides, and how both sides together moved from one block to the next. Of the
first, least squares through the origin: with the sign of a block the shared part and the line's value turn together, so
that the estimate, and with it an exact test, does not notice. The second no sign changes at all. Steps from block to
block, because two slow drifts always look as if they belonged together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.stats.comparison.arithmetic import column_means
from assay.stats.comparison.observation.common import Mask
from assay.stats.comparison.question import Values

FEWEST_FOR_LOADINGS = 10
"""Observations; below, everything shared is removed from every line."""
_MOST_TAKEN = 0.5
"""Where all cells moved far together, loading and effect can't be told apart, and no factor restores it."""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Cells and groups, shape (observations, lines), and what the other cells share."""

    values: Values
    shared: Values


@dataclass(frozen=True, kw_only=True)
class Loadings:
    """Shape (lines,) each."""

    slopes: Values
    restored: Values
    """Factor on an estimate, because a loading through the origin takes a part of the effect along."""
    leverage: Values
    """What the loadings' own uncertainty adds to a difference of sides, in variances of one unit."""


def loadings(drawn: Drawn, steps: Drawn | None, after: Mask | None) -> Loadings:
    """All loadings; ``steps`` are those from block to block, ``after`` tells sides apart where there are no blocks."""
    lines = drawn.values.shape[1]
    ones, nothing = np.ones(lines), np.zeros(lines)
    if len(drawn.values) < FEWEST_FOR_LOADINGS * (1 if after is None else 2):
        return Loadings(slopes=ones, restored=ones, leverage=nothing)
    if after is not None:
        around = Drawn(values=_within(drawn.values, after), shared=_within(drawn.shared, after))
        slopes = _known(_fit(around).slopes)
        return Loadings(slopes=slopes, restored=ones, leverage=_leverage(drawn.shared, around.shared, after))
    own = _fit(drawn)
    other = _Fit(slopes=ones, precision=nothing) if steps is None else _fit(steps)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(other.precision > 0.0, own.precision / (own.precision + other.precision), 1.0)
    slopes = _known(part * own.slopes + (1.0 - part) * np.nan_to_num(other.slopes))
    return Loadings(slopes=slopes, restored=_restored(drawn, part), leverage=nothing)


@dataclass(frozen=True, kw_only=True)
class _Fit:
    slopes: Values
    precision: Values
    """Inverse variance; zero where nothing is known."""


def _fit(drawn: Drawn) -> _Fit:
    """Least squares through the origin, line by line."""
    shared = np.where(np.isnan(drawn.values), np.nan, drawn.shared)
    squares = np.nansum(shared**2, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.nansum(drawn.values * shared, axis=0) / squares
        precision = squares / column_means((drawn.values - slopes * shared) ** 2)
    return _Fit(slopes=slopes, precision=np.where(np.isfinite(slopes) & np.isfinite(precision), precision, 0.0))


def _known(slopes: Values) -> Values:
    return np.where(np.isfinite(slopes), slopes, 1.0)


def _restored(drawn: Drawn, part: Values) -> Values:
    """Least squares with an effect besides the loading gives the mean of what remains times this."""
    shared = np.where(np.isnan(drawn.values), np.nan, drawn.shared)
    counts = np.count_nonzero(~np.isnan(shared), axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        taken = np.nan_to_num(part * np.nansum(shared, axis=0) ** 2 / counts / np.nansum(shared**2, axis=0))
    restored: Values = 1.0 / (1.0 - np.minimum(taken, _MOST_TAKEN))
    return restored


def _within(values: Values, after: Mask) -> Values:
    """Around each side's own mean."""
    result = values.copy()
    for side in (after, ~after):
        result[side] -= column_means(values[side])
    return result


def _leverage(shared: Values, around: Values, after: Mask) -> Values:
    squares = np.nansum(around**2, axis=0)
    # what remains after centring each side is the side's mean
    apart = np.nan_to_num(shared - around)
    with np.errstate(divide="ignore", invalid="ignore"):
        leverage: Values = np.where(squares > 0.0, (apart[after][-1] - apart[~after][-1]) ** 2 / squares, 0.0)
    return leverage
