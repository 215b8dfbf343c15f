"""The decorators. They only note what is wanted; without pytest, or without the plug-in, a test is what it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar, overload

from assay.errors import UsageError

P = ParamSpec("P")
R = TypeVar("R")

BENCH, LIMIT = "__assay_bench__", "__assay_limit__"
"""Attributes of a test function."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """How a test is repeated."""

    rounds: int = 20
    """Rounds that are measured."""
    warmup: int = 2
    """Rounds before them that are not."""
    calls: int = 1
    """Calls in a round, for tests that are over too soon to be timed alone."""

    def __post_init__(self) -> None:
        if min(self.rounds, self.calls) < 1 or self.warmup < 0:
            raise UsageError("a bench needs rounds and calls", where="@assay.bench", remedy="give numbers above zero")


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What a test may take; what is not given is not limited."""

    wall_s: float | None = None
    """Time from start to end."""
    cpu_s: float | None = None
    """Processor time of the process, all its threads."""
    energy_j: float | None = None
    """Energy of the processor packages meanwhile, whoever used it."""
    peak_mb: float | None = None
    """Most resident memory beyond what the process held before, in 1,000,000 bytes."""

    def __post_init__(self) -> None:
        given = [value for value in (self.wall_s, self.cpu_s, self.energy_j, self.peak_mb) if value is not None]
        if not given or min(given) <= 0.0:
            remedy = "give for example energy_j=5 or peak_mb=200"
            raise UsageError("a limit needs a number above zero", where="@assay.limit", remedy=remedy)


@overload
def bench(function: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def bench(*, rounds: int = 20, warmup: int = 2, calls: int = 1) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def bench(
    function: Callable[..., Any] | None = None, /, *, rounds: int = 20, warmup: int = 2, calls: int = 1
) -> Callable[..., Any]:
    """Measure a test: it is called many times, and every round is kept.

    ::

        @assay.bench(rounds=50)
        def test_parsing() -> None:
            parse(TEXT)
    """

    def mark(marked: Callable[..., Any]) -> Callable[..., Any]:
        setattr(marked, BENCH, Bench(rounds=rounds, warmup=warmup, calls=calls))
        return marked

    return mark if function is None else mark(function)


def limit(
    *,
    wall_s: float | None = None,
    cpu_s: float | None = None,
    energy_j: float | None = None,
    peak_mb: float | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Fail a test that takes more than it may; of a bench, the middle round counts.

    ::

        @assay.limit(energy_j=5.0, peak_mb=200)
        def test_a_whole_night_of_events() -> None: ...
    """
    wanted = Limit(wall_s=wall_s, cpu_s=cpu_s, energy_j=energy_j, peak_mb=peak_mb)

    def mark(marked: Callable[P, R]) -> Callable[P, R]:
        setattr(marked, LIMIT, wanted)
        return marked

    return mark


def noted(function: Callable[..., Any]) -> tuple[Bench | None, Limit | None]:
    """What is wanted of a test."""
    return getattr(function, BENCH, None), getattr(function, LIMIT, None)
