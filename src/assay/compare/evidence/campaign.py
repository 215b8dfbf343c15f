"""Campaigns: a cell is an experiment (a configuration), a unit is a cycle through all of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from assay.compare.kind import Kind
from assay.compare.observed import Observed, One, Unit
from assay.record.base import Missing
from assay.record.documents.comparison import Cell
from assay.record.metrics import BY_NAME
from assay.record.run import Run
from assay.store import StoredRun


def read(runs: Sequence[StoredRun], metric: str) -> Observed:
    """Every cycle as a unit; an experiment's runs of one cycle are its repetitions."""
    ordered = sorted((run.record for run in runs), key=lambda run: (_cycle(run), run.clock.start_utc_ns))
    return Observed(units=tuple(_one(list(cycle), metric) for _, cycle in groupby(ordered, key=_cycle)))


def _cycle(run: Run) -> tuple[str, int]:
    place = run.position
    return place.session or "", place.cycle or 0


def _one(cycle: list[Run], metric: str) -> One:
    values: dict[Cell, list[float]] = {}
    for run in cycle:
        found = [one.value.value for one in run.metrics if one.name == metric and one.device is None]
        known = [value for value in found if value is not None]
        if known and run.position.experiment is not None:
            values.setdefault(Cell(name=run.position.experiment), []).append(known[0])
    first = cycle[0]
    session, number = _cycle(first)
    unit = Unit(
        run=first.id,
        start_utc_ns=first.clock.start_utc_ns,
        block=(session, number) if session else None,
        build=first.position.build or "",
    )
    return One(unit=unit, values={cell: np.array(numbers) for cell, numbers in values.items()})


def _lacks(runs: Sequence[StoredRun], metric: str) -> str:
    if len({run.record.position.experiment for run in runs} - {None}) < 2:
        return "the runs are not those of several experiments of a campaign"
    for run in runs:
        if run.record.position.experiment is None or run.record.position.cycle is None:
            return f"run {run.id} belongs to no experiment or no cycle"
        if not any(one.name == metric and not isinstance(one.value, Missing) for one in run.record.metrics):
            return f"not measured in run {run.id}"
    return ""


PLUGIN = Kind(
    name="campaign",
    summary="an experiment of a campaign; a cycle through all of them is a unit",
    metrics=lambda metric: BY_NAME[metric].unit if metric in BY_NAME else "",
    lacks=_lacks,
    read=read,
)
