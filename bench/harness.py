"""Pairs measured interleaved in one process: in each block every pair runs, both sides of it, all in random order.

What slows the machine for a while hits both sides of a block alike, so that the ratio within the block stays true.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from assay.stats.median import MedianInterval, median_interval

Work = Callable[[], float | None]
"""Does the work once. Returns the quantity that is compared, or None: then the time it took is."""


@dataclass(frozen=True)
class Side:
    """One way to do the work."""

    name: str
    work: Work


@dataclass(frozen=True)
class Pair:
    """The same work, done by us and by a named peer; both sides must give the same answer."""

    name: str
    ours: Side
    peer: Side
    unit: str = "s"


@dataclass(frozen=True)
class Figure:
    """A number that has no peer: ours alone, at full size."""

    name: str
    value: float
    unit: str
    bar: str = ""
    """What it must keep, in words; empty where nothing was promised."""


@dataclass(frozen=True)
class Options:
    """How much is measured."""

    quick: bool
    folder: Path
    """A folder for files, removed afterwards."""


@dataclass(frozen=True)
class Suite:
    """The pairs and figures of one part of Assay."""

    title: str
    pairs: Callable[[Options], AbstractContextManager[list[Pair]]]
    """Prepares the pairs' input, and removes it."""
    figures: Callable[[Options], Iterator[Figure]] = lambda _: iter(())
    blocks: int = 15
    quick_blocks: int = 6
    overview: Callable[[list[Measured]], tuple[Sequence[str], list[Sequence[str]]]] | None = None
    """Head and rows of a table that says it shorter than one row a pair, where there are hundreds."""


@dataclass(frozen=True)
class Call:
    """One call of one side."""

    start_ns: int
    wall_ns: int
    value: float


@dataclass
class Measured:
    """All calls of a pair, one per block and side."""

    pair: Pair
    ours: list[Call] = field(default_factory=list)
    peer: list[Call] = field(default_factory=list)

    def ratio(self) -> MedianInterval:
        """Median over blocks of ours / peer, with its interval."""
        return median_interval([a.value / b.value for a, b in zip(self.ours, self.peer, strict=True)])


def measure(pairs: list[Pair], blocks: int, seed: int) -> list[Measured]:
    """Every side once per block, after one call of each that does not count."""
    order = random.Random(seed)
    results = [Measured(pair) for pair in pairs]
    warm(pairs)
    for _ in range(blocks):
        block_of(results, order)
    return results


def warm(pairs: list[Pair]) -> None:
    """One call of each side that does not count. What lives by then is left out of the search for garbage."""
    for pair in pairs:
        call(pair.ours)
        call(pair.peer)
    gc.freeze()


def block_of(results: list[Measured], order: random.Random) -> None:
    """Every side once, in random order."""
    for result in order.sample(results, len(results)):
        sides = [(result.pair.ours, result.ours), (result.pair.peer, result.peer)]
        for side, calls in order.sample(sides, 2):
            calls.append(call(side))


def call(side: Side) -> Call:
    """One call, without garbage of the one before."""
    gc.collect()
    start_ns = time.perf_counter_ns()
    value = side.work()
    wall_ns = time.perf_counter_ns() - start_ns
    return Call(start_ns, wall_ns, wall_ns / 1e9 if value is None else value)
