"""Energy windows: a cell is a phase on a device, metered or modelled by one source."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.compare.kind import Kind
from assay.compare.observed import Observed, One, unit_of
from assay.record.base import Missing
from assay.record.documents.comparison import Cell
from assay.record.enums import Phase
from assay.record.run import Run
from assay.store import StoredRun

_METRIC = "energy_j"


def read(runs: Sequence[StoredRun], _metric: str) -> Observed:
    """Every run as a unit; several windows of one phase add up."""
    return Observed(units=tuple(_one(run.record) for run in runs))


def _one(run: Run) -> One:
    joules: dict[Cell, float] = {}
    for window in run.energy:
        if not isinstance(window.raw_j, Missing):
            cell = Cell(name=window.source, phase=window.phase.value, device=window.device)
            joules[cell] = joules.get(cell, 0.0) + window.raw_j.value
    return One(unit=unit_of(run), values={cell: np.array([value]) for cell, value in joules.items()})


def _lacks(runs: Sequence[StoredRun], _metric: str) -> str:
    for run in runs:
        phases = {window.phase for window in run.record.energy if not isinstance(window.raw_j, Missing)}
        if not phases - {Phase.NONE}:
            return f"run {run.id} has no energy by phase"
    return ""


PLUGIN = Kind(
    name="energy",
    summary="energy of a phase on a device",
    metrics=lambda metric: "J" if metric == _METRIC else "",
    lacks=_lacks,
    read=read,
)
