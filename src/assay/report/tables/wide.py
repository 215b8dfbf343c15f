"""A table of runs for spreadsheets and data frames: one row a run, one column for every metric of the registry."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from assay.record.base import Missing
from assay.record.enums import Phase
from assay.record.metrics import DEFINITIONS
from assay.record.rows import Metric
from assay.record.run import Run
from assay.record.words.escape import for_csv, plain

_FIRST = ("run", "created", "target", "backend", "experiment", "cycle", "session", "status")
_REASONS = "reasons"


def wide_csv(runs: Sequence[Run]) -> str:
    """The table. What is unknown is an empty cell, never 0, and the last column says why."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow((*_FIRST, *(definition.name for definition in DEFINITIONS), _REASONS))
    for run in runs:
        writer.writerow(list(_row(run)))
    return buffer.getvalue()


def _row(run: Run) -> Iterator[str | float]:
    whole = {metric.name: metric for metric in run.metrics if _is_whole(metric)}
    position = run.position
    words = (run.id, run.created.isoformat(), run.plan.target.name, run.plan.target.backend.value)
    yield from (for_csv(plain(word)) for word in (*words, position.experiment or ""))
    yield "" if position.cycle is None else position.cycle
    yield from (for_csv(plain(word)) for word in (position.session or "", run.status.value))
    yield from (_cell(whole.get(definition.name)) for definition in DEFINITIONS)
    gaps = {name: metric.value.reason for name, metric in whole.items() if isinstance(metric.value, Missing)}
    yield for_csv(plain("; ".join(f"{name}: {reason}" for name, reason in gaps.items())))


def _is_whole(metric: Metric) -> bool:
    """Whether it is about the run as a whole, and no device or phase of it."""
    return metric.device is None and metric.phase is Phase.NONE


def _cell(metric: Metric | None) -> str | float:
    if metric is None or metric.value.value is None:
        return ""
    return metric.value.value
