"""The answer: the design's soundness, and a line for every cell, group, the common mode and the total."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from assay.stats.comparison.question import Kind, Place


class Verdict(StrEnum):
    """What can be said. A test that failed or was impossible is inconclusive."""

    CORROBORATED = "corroborated"
    REFUTED = "refuted"
    EQUIVALENT = "equivalent"
    INCONCLUSIVE = "inconclusive"


class Direction(StrEnum):
    """Which way the estimate points."""

    LESS = "less"
    MORE = "more"
    SAME = "same"


class Arrangement(StrEnum):
    """How the two sides lay in time."""

    BLOCKS = "blocks"
    MIXED = "mixed"
    UNKNOWN = "unknown"
    SEQUENTIAL = "sequential"


class Location(StrEnum):
    """The one number that stands for the tokens of a unit in a cell."""

    TRIMMED_MEAN = "20 % trimmed mean"
    CORE = "mean of the core"
    MEDIAN = "median"
    LOWER_QUARTILE = "lower quartile"
    LOWER_DECILE = "lower decile"


@dataclass(frozen=True, kw_only=True)
class Design:
    """Whether the measurements can carry an answer at all."""

    arrangement: Arrangement
    sound: bool
    """False: nothing is judged; ``reason`` says why and what to do."""
    reason: str
    """Empty where sound."""
    caveats: tuple[str, ...]
    """What a reader has to know though the design is sound."""
    unit: str
    """The unit of replication: ``build`` or ``invocation``."""
    units_before: int
    units_after: int
    blocks: int | None
    """Complete blocks; None without blocks."""
    units_needed: int
    """The fewest units a side (or blocks) with which this design could decide at all."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """A log ratio of after to before, with its 95 % intervals (or 1 - alpha, where the question says so)."""

    log_ratio: float
    low: float
    high: float
    """Interval of this effect alone."""
    low_together: float
    high_together: float
    """Interval that holds for all lines of the table at once."""

    @property
    def change(self) -> float:
        """Relative change: -0.02 is 2 % less."""
        return math.expm1(self.log_ratio)

    @property
    def change_interval(self) -> tuple[float, float]:
        """The interval as relative changes."""
        return math.expm1(self.low), math.expm1(self.high)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One cell, one group, the common mode or the total."""

    place: Place
    before: float | None
    """Typical value of the baseline in the unit of the measurements; None for the common mode."""
    after: float | None
    raw: Effect | None
    """With what all cells share; None where it could not be estimated."""
    specific: Effect | None
    """Without what the other cells share; None where nothing could be removed, and for total and common mode."""
    p_value: float | None
    """Of this line alone."""
    p_adjusted: float | None
    """Corrected for all lines of the table. None for a claim named before: it is tested alone."""
    verdict: Verdict
    reason: str
    """Why, in words; never empty where inconclusive."""
    detectable: float | None
    """Smallest relative change that would have been found with the asked power."""
    blocks_needed: int | None
    """Blocks (or units a side) with which the asked change would be found with the asked power; None if unknown."""
    further_blocks: int | None
    """How many of them are still to be run; 0 where the line is decided, None if unknown."""
    without: tuple[int, ...] = ()
    """Cells of a group that are left out because they are claimed themselves."""

    @property
    def judged(self) -> Effect | None:
        """The effect that the verdict is about: the specific one where there is one."""
        return self.specific or self.raw

    @property
    def direction(self) -> Direction:
        """Which way the judged effect points."""
        effect = self.judged
        if effect is None or effect.log_ratio == 0.0:
            return Direction.SAME
        return Direction.LESS if effect.log_ratio < 0.0 else Direction.MORE

    @property
    def claimed(self) -> bool:
        """A difference is shown: it stands as a claim of the table, or the claim named before holds."""
        return self.verdict is Verdict.CORROBORATED


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The whole answer."""

    design: Design
    location: Location | None
    """None where nothing was judged."""
    cells: tuple[Line, ...]
    groups: tuple[Line, ...]
    common: Line | None
    """What all cells share; None below three cells."""
    total: Line | None
    named: Line | None
    """The claim named before, tested alone; None where none was."""
    loadings: tuple[float, ...]
    """How much of the common mode was removed from each cell."""
    patterns: int
    """Sign patterns counted; 0 where Welch's test was used."""
    exact: bool
    """All sign patterns were counted, not a random part."""
    level: float
    """Level at which the table's adjusted p values are judged: alpha, or what may be spent at this look."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines of the table."""
        rest = tuple(line for line in (self.common, self.total) if line is not None)
        return self.cells + self.groups + rest

    @property
    def claims(self) -> tuple[Line, ...]:
        """Lines of the table in which a difference is shown, whichever way it points."""
        return tuple(line for line in self.lines if line.claimed)

    def line(self, place: Place) -> Line:
        """The table's line at a place."""
        if place.kind is Kind.CELL:
            return self.cells[place.index]
        if place.kind is Kind.GROUP:
            return self.groups[place.index]
        line = self.common if place.kind is Kind.COMMON else self.total
        if line is None:
            raise KeyError(place.kind)
        return line
