"""Numbers of the whole run: each registered metric is one cell, apart for each device and phase it was taken on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.compare.kind import Kind
from assay.compare.observed import Observed, One, unit_of
from assay.record.base import Missing
from assay.record.documents.comparison import Cell
from assay.record.metrics import BY_NAME
from assay.record.run import Run
from assay.store import StoredRun


def read(runs: Sequence[StoredRun], metric: str) -> Observed:
    """Every run as a unit."""
    return Observed(units=tuple(_one(run.record, metric) for run in runs))


def _one(run: Run, metric: str) -> One:
    values = {
        Cell(name=metric, phase=one.phase.value, device=one.device or ""): np.array([one.value.value])
        for one in run.metrics
        if one.name == metric and not isinstance(one.value, Missing)
    }
    return One(unit=unit_of(run), values=values)


def _unit(metric: str) -> str:
    return BY_NAME[metric].unit if metric in BY_NAME else ""


def _lacks(runs: Sequence[StoredRun], metric: str) -> str:
    for run in runs:
        if not _one(run.record, metric).values:
            reasons = [one.value.reason for one in run.record.metrics if one.name == metric and one.value.value is None]
            return f"not measured in run {run.id}: {reasons[0] if reasons else 'no collector gives it'}"
    return ""


PLUGIN = Kind(
    name="whole",
    summary="a number of the whole run",
    metrics=_unit,
    lacks=_lacks,
    read=read,
)
