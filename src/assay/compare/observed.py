"""What one side's runs hold, as the statistics want it: units by cells by repetitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assay.record.base import Record
from assay.record.documents.comparison import Cell
from assay.record.run import Run

Floats = NDArray[np.float64]


class Unit(Record, kw_only=True):
    """One independent measurement: what was started once, and what it shares with others."""

    run: str
    """Id of its run; of the first, where several make one unit."""
    start_utc_ns: int
    """When it began; 0 where that is not known."""
    block: tuple[str, int] | None = None
    """Sitting and randomised block; None where it was not interleaved."""
    build: str = ""
    """Build of the target; empty where not stated."""


@dataclass(frozen=True, kw_only=True)
class One:
    """What one unit measured: for each cell its repetitions, in the order in which cells first ran."""

    unit: Unit
    values: Mapping[Cell, Floats]
    parents: Mapping[Cell, Cell] = field(default_factory=dict)
    """For each cell the one around it, where they are nested."""
    inclusive: Mapping[Cell, float] = field(default_factory=dict)
    """For each cell its value with all that is nested in it."""


@dataclass(frozen=True, kw_only=True)
class Observed:
    """One side."""

    units: tuple[One, ...]

    @property
    def profile(self) -> dict[Cell, float]:
        """Cells in the order of the first unit that has them, each with the median over units of its mean."""
        found: dict[Cell, list[float]] = {}
        for one in self.units:
            for cell, values in one.values.items():
                known = values[np.isfinite(values)]
                found.setdefault(cell, []).append(float(known.mean()) if known.size else 0.0)
        return {cell: float(np.median(values)) for cell, values in found.items()}


def stacked(side: Observed, cells: Sequence[Cell], repetitions: int) -> Floats:
    """Units by cells by repetitions; NaN where a unit lacks one."""
    table = np.full((len(side.units), len(cells), repetitions), np.nan)
    for row, one in enumerate(side.units):
        for column, cell in enumerate(cells):
            values = one.values.get(cell)
            if values is not None:
                table[row, column, : len(values)] = values[:repetitions]
    return table


def repetitions_of(side: Observed) -> int:
    """The most repetitions that any cell of any unit has."""
    return max((len(values) for one in side.units for values in one.values.values()), default=0)


def unit_of(run: Run) -> Unit:
    """The unit that a run is."""
    place = run.position
    block = None if place.block is None or place.session is None else (place.session, place.block)
    return Unit(run=run.id, start_utc_ns=run.clock.start_utc_ns, block=block, build=place.build or "")
