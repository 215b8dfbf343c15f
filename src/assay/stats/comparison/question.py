"""What is compared, and what is asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from assay.errors import UsageError

Values = NDArray[np.float64]
Labels = NDArray[np.int64]


class Kind(StrEnum):
    """The kind of a line of the answer."""

    CELL = "cell"
    GROUP = "group"
    COMMON = "common"
    TOTAL = "total"


@dataclass(frozen=True, kw_only=True)
class Measurements:
    """One side: what each unit (a process invocation) measured in each cell, once or many times.

    Cells are places that exist on both sides: a step of a layer, a function, a phase, a benchmark.
    """

    durations: Values
    """Shape (units, cells, tokens); NaN where missing. Any positive quantity in which less is better."""
    totals: Values | None = None
    """Shape (units, tokens): the whole, with what lies in no cell. None: the cells together are the whole."""
    blocks: Labels | None = None
    """Shape (units,): the randomised block each unit ran in, the same numbers on both sides; None without blocks.

    Blocks are numbered in the order in which they ran.
    """
    starts_ns: Labels | None = None
    """Shape (units,): when each unit began, on a clock that both sides share; None where it is not known."""
    builds: Labels | None = None
    """Shape (units,): the build each unit ran; None where all ran the same."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """One line of the answer: a cell or a group by its index, the common mode, or the total."""

    kind: Kind
    index: int = 0


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What somebody said of one place, before the candidate ran."""

    place: Place
    change: float = 0.0
    """At least this relative change: -0.02 is 2 % less. Zero: it became less, by whatever amount."""


@dataclass(frozen=True, kw_only=True)
class Looks:
    """Verdicts that were taken while blocks were still being collected."""

    at: tuple[int, ...]
    """Numbers of complete blocks at which the data were looked at, ascending; the last is now."""
    most: int
    """Blocks after which collecting stops in any case."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of two sides."""

    groups: tuple[tuple[int, ...], ...] = ()
    """Cells that may change together: a step over all layers, a layer over all steps."""
    claim: Claim | None = None
    """Tested alone, without correction for the other lines."""
    margin: float = 0.01
    """Relative change that would not matter: what lies within it surely is equivalent."""
    alpha: float = 0.05
    """Family-wise probability of any false claim."""
    power: float = 0.8
    """Probability with which the smallest detectable effect is to be found."""
    seed: int = 0
    """Chooses the random sign patterns; the same seed gives the same answer, byte for byte."""
    resolution: float = 0.0
    """Smallest step of the clock, in the unit of the durations; zero where it does not matter."""
    looks: Looks | None = None
    """None where the number of blocks was fixed before."""
    despite_order: bool = False
    """Judge sides that ran one after the other by what a cell does not share with the others, and only that."""

    def __post_init__(self) -> None:
        for name in ("margin", "alpha", "power"):
            if not 0.0 < getattr(self, name) < 1.0:
                remedy = "give a share between 0 and 1, such as 0.01 for 1 %"
                raise UsageError(f"{name} {getattr(self, name)} is no share", remedy=remedy)
        if self.claim is not None and not self.claim.change > -1.0:
            remedy = "claim less than that, such as -0.02 for 2 % less"
            raise UsageError(f"a change of {self.claim.change:+.0%} would leave nothing", remedy=remedy)
