"""Labelled series of times: made, so that the right answer is known, in the shapes that real warm-ups have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.stats.steady import Settling

Floats = NDArray[np.float64]
EACH = 20


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A series and what is true of it."""

    shape: str
    values: tuple[float, ...]
    settling: Settling
    start: int | None
    """First steady repetition."""


def labelled_series(seed: int = 1, each: int = EACH) -> Iterator[Labelled]:
    """Twelve shapes, ``each`` of them so often: 240 series."""
    rng = np.random.default_rng(seed)
    for shape, (make, settling) in SHAPES.items():
        for _ in range(each):
            count = int(rng.integers(50, 200))
            level, start = make(rng, count)
            yield Labelled(shape=shape, values=tuple(_noisy(rng, level).tolist()), settling=settling, start=start)


def _noisy(rng: np.random.Generator, level: Floats) -> Floats:
    """Right-skewed noise of 0.3 to 3 %, and in some places a time that was disturbed."""
    spread = rng.uniform(0.003, 0.03)
    values = level * np.exp(spread * (rng.gamma(2.0, 1.0, len(level)) - 2.0) / np.sqrt(2.0))
    disturbed = rng.random(len(level)) < rng.uniform(0.0, 0.05)
    values[disturbed] *= rng.uniform(1.2, 3.0, int(disturbed.sum()))
    tens: Floats = values * 10.0
    return tens


def _flat(_: np.random.Generator, count: int) -> tuple[Floats, int | None]:
    return np.ones(count), 0


def _falling(rng: np.random.Generator, count: int) -> tuple[Floats, int | None]:
    height, pace = rng.uniform(0.3, 4.0), rng.uniform(1.0, count / 18)
    level = 1.0 + height * np.exp(-np.arange(count) / pace)
    return level, int(np.argmax(level < 1.03))


def _step(rng: np.random.Generator, count: int) -> tuple[Floats, int | None]:
    place = int(rng.integers(4, count // 2))
    return np.where(np.arange(count) < place, 1.0 + rng.uniform(0.12, 2.0), 1.0), place


def _steps(rng: np.random.Generator, count: int) -> tuple[Floats, int | None]:
    first, second = int(rng.integers(5, count // 4)), int(rng.integers(count // 4 + 5, count // 2 + 5))
    order = np.arange(count)
    return np.select(
        [order < first, order < second], [1.0 + rng.uniform(0.8, 2.0), 1.0 + rng.uniform(0.12, 0.5)], 1.0
    ), second


def _cold(rng: np.random.Generator, count: int) -> tuple[Floats, int | None]:
    """One very slow repetition, then a few slow ones."""
    level = np.ones(count)
    level[:6] = 1.0 + rng.uniform(0.2, 0.6)
    level[0] = rng.uniform(3.0, 30.0)
    return level, 6


def _slower(rng: np.random.Generator, count: int) -> tuple[Floats, int | None]:
    place = int(rng.integers(count // 4, 3 * count // 5))
    return np.where(np.arange(count) < place, 1.0, 1.0 + rng.uniform(0.1, 0.8)), None


def _growing(rng: np.random.Generator, count: int) -> tuple[Floats, int | None]:
    return 1.0 + rng.uniform(0.2, 1.0) * np.arange(count) / count, None


def _warm_then_slower(rng: np.random.Generator, count: int) -> tuple[Floats, int | None]:
    level, _ = _falling(rng, count)
    place = int(rng.integers(count // 2, 2 * count // 3))
    level[place:] *= 1.0 + rng.uniform(0.12, 0.6)
    return level, None


def _regimes(rng: np.random.Generator, count: int) -> tuple[Floats, int | None]:
    length = int(rng.integers(6, count // 5))
    return np.where(np.arange(count) // length % 2 == 0, 1.0, 1.0 + rng.uniform(0.12, 0.6)), None


def _walk(rng: np.random.Generator, count: int) -> tuple[Floats, int | None]:
    """A level that is another one every few repetitions, without end."""
    length = int(rng.integers(5, max(6, count // 7)))
    levels = np.cumsum(rng.choice([-1.0, 1.0], count // length + 1) * rng.uniform(0.1, 0.3, count // length + 1))
    return np.exp(np.repeat(levels - levels.mean(), length)[:count]), None


def _still_falling(rng: np.random.Generator, count: int) -> tuple[Floats, int | None]:
    return 1.0 + rng.uniform(0.5, 2.0) * (1.0 - np.arange(count) / count), None


def _sawtooth(rng: np.random.Generator, count: int) -> tuple[Floats, int | None]:
    length = int(rng.integers(12, count // 3))
    return 1.0 + rng.uniform(0.3, 1.0) * (np.arange(count) % length) / length, None


Make = Callable[[np.random.Generator, int], tuple[Floats, int | None]]

SHAPES: dict[str, tuple[Make, Settling]] = {
    "flat": (_flat, Settling.STEADY),
    "falling to a level": (_falling, Settling.STEADY),
    "one step": (_step, Settling.STEADY),
    "two steps": (_steps, Settling.STEADY),
    "cold start": (_cold, Settling.STEADY),
    "slower from a point on": (_slower, Settling.SLOWING),
    "growing": (_growing, Settling.SLOWING),
    "warm, then slower": (_warm_then_slower, Settling.SLOWING),
    "two regimes": (_regimes, Settling.NEVER),
    "wandering": (_walk, Settling.NEVER),
    "still falling": (_still_falling, Settling.NEVER),
    "sawtooth": (_sawtooth, Settling.NEVER),
}
"""Every shape: how it is made, and what it is."""
