"""Is one side faster? The exact sign-flip test and its interval over randomised blocks.

In each block both sides ran once, in random order. If there is no difference, every block's log ratio was as
likely to come out with the other sign, so that all 2**n sign patterns are equally likely: the test needs no normal
distribution and no equal variances. The interval is its inversion by subset means (Hartigan 1969, "typical values"):
the means of all non-empty subsets cut the line into 2**n pieces that hold the centre with equal probability.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

ALPHA = 0.05
FEWEST_BLOCKS = 6
"""With fewer, no outcome of the two-sided test can fall below 5 %: 2 / 2**5 is 6.25 %."""
_MOST_EXACT_BLOCKS = 14
_RANDOM_PATTERNS = 9_999


class Direction(StrEnum):
    """What the test supports about side B against side A."""

    LOWER = "lower"
    HIGHER = "higher"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, kw_only=True)
class PairedEffect:
    """The ratio of B to A over blocks. Where it could not be judged, the numbers are None and ``reason`` says why."""

    blocks: int
    """Blocks in which both sides have a value."""
    ratio: float | None
    """Geometric mean over blocks of B / A."""
    low: float | None
    """Lower end of the 95 % interval of the ratio."""
    high: float | None
    """Upper end of the 95 % interval of the ratio."""
    p_value: float | None
    """Two-sided probability of a ratio at least as far from 1, if there is no difference."""
    direction: Direction
    """The answer."""
    reason: str
    """Why the answer is inconclusive; empty when it is not."""


def compare_pairs(before: Sequence[float], after: Sequence[float], seed: int = 0) -> PairedEffect:
    """Judge ``after`` against ``before``, block by block; both positive, both in block order.

    Up to 14 blocks all sign patterns are counted; beyond, ``seed`` draws 9,999 of them.
    """
    if len(before) != len(after):
        return _undecided(min(len(before), len(after)), "the sides do not have the same blocks")
    if not all(math.isfinite(value) and value > 0.0 for value in (*before, *after)):
        return _undecided(len(before), "a value is zero, negative or not a number, so that there is no ratio")
    if not before:
        return _undecided(0, "there is no block with both sides")
    logs = np.log(np.asarray(after, float) / np.asarray(before, float))
    if len(logs) < FEWEST_BLOCKS:
        reason = f"{len(logs)} blocks can't decide at 5 %; at least {FEWEST_BLOCKS} are needed"
        return _undecided(len(logs), reason, ratio=float(np.exp(logs.mean())))
    return _judged(logs, _subsets(len(logs), seed))


def _judged(logs: NDArray[np.float64], subsets: NDArray[np.bool_]) -> PairedEffect:
    p_value = _p_value(logs, subsets)
    low, high = _interval(logs, subsets)
    mean = float(logs.mean())
    direction, reason = Direction.INCONCLUSIVE, f"p = {p_value:.3g}: a difference this size arises by chance too often"
    if p_value < ALPHA:
        direction, reason = (Direction.LOWER if mean < 0.0 else Direction.HIGHER), ""
    return PairedEffect(
        blocks=len(logs),
        ratio=math.exp(mean),
        low=math.exp(low),
        high=math.exp(high),
        p_value=p_value,
        direction=direction,
        reason=reason,
    )


def _subsets(blocks: int, seed: int) -> NDArray[np.bool_]:
    """Every subset of the blocks but the empty one, or many random ones; shape (subsets, blocks)."""
    if blocks <= _MOST_EXACT_BLOCKS:
        numbers = np.arange(1, 2**blocks, dtype=np.int64)
        return (numbers[:, None] >> np.arange(blocks) & 1).astype(bool)
    chosen = np.random.default_rng(seed).integers(0, 2, size=(_RANDOM_PATTERNS, blocks)).astype(bool)
    chosen[~chosen.any(axis=1)] = True
    return chosen


def _p_value(logs: NDArray[np.float64], subsets: NDArray[np.bool_]) -> float:
    """Share of sign patterns whose sum lies at least as far from zero; the one that was observed counts itself."""
    sums = np.abs(np.where(subsets, logs, -logs).sum(axis=1))
    # the pattern without any flip is the empty subset's mirror image, which the subsets leave out
    observed = abs(float(logs.sum()))
    as_far = int((sums >= observed - 1e-12 * np.abs(logs).sum()).sum()) + 1
    return min(1.0, as_far / (len(subsets) + 1))


def _interval(logs: NDArray[np.float64], subsets: NDArray[np.bool_]) -> tuple[float, float]:
    means = np.sort((subsets @ logs) / subsets.sum(axis=1))
    outside = max(1, int((len(means) + 1) * ALPHA / 2))
    return float(means[outside - 1]), float(means[-outside])


def _undecided(blocks: int, reason: str, ratio: float | None = None) -> PairedEffect:
    return PairedEffect(
        blocks=blocks, ratio=ratio, low=None, high=None, p_value=None, direction=Direction.INCONCLUSIVE, reason=reason
    )
