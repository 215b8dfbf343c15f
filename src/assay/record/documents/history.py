"""How a number went over the runs of one configuration."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from assay.record.base import Count, Name, Record, Text, Ulid
from assay.record.documents.comparison import Cell, Comparison


class HistoryRun(Record, kw_only=True):
    """One run of the series."""

    id: Ulid
    """Its id."""
    created: datetime
    """When it began, UTC."""
    revision: Text
    """Commit or build that ran; empty where not known."""


class HistoryChange(Record, kw_only=True):
    """A moved level."""

    index: Count
    """Place of the first run of the new level."""
    run: Ulid
    """That run."""
    before: float
    """Median of the level before."""
    after: float
    """Median of the new level."""
    change: float
    """Relative change; 0.02 is 2 % more."""
    p_value: float
    """How rarely chance orders the same numbers so."""
    worse: bool
    """Whether nobody wants that."""


class HistorySeries(Record, kw_only=True):
    """One cell over the runs."""

    label: Text
    """Its name for people."""
    cell: Cell
    """The cell."""
    values: tuple[float | None, ...]
    """One number per run; null where a run has none."""
    changes: tuple[HistoryChange, ...]
    """Moved levels, first to last."""
    flagged: bool
    """Whether the newest level is a worse one."""


class History(Record, kw_only=True):
    """A number over the runs of one configuration, and where its level moved."""

    document: Literal["history"] = "history"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    headline: Text
    """The answer in one sentence."""
    metric: Name
    """What was followed."""
    unit: Text
    """Its unit."""
    better: Name
    """Which way is good: ``lower``, ``higher`` or ``neither``."""
    by: Name
    """Kind of the cells."""
    runs: tuple[HistoryRun, ...]
    """The runs, oldest first."""
    left_out: Count
    """Runs of the same target that ran under other conditions."""
    series: tuple[HistorySeries, ...]
    """Cells, those that moved first."""
    gate: Comparison | None = None
    """The fresh measurement of what was flagged; null where there was none."""
