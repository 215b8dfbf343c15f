"""A measured experiment, for people."""

from __future__ import annotations

from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.record.documents import MeasuredExperiment, MeasuredMetric
from assay.record.enums import Phase
from assay.record.words.numbers import number_text

_COLUMNS = (
    Column(heading="METRIC", least=20),
    Column(heading="DEVICE", least=5),
    Column(heading="MEAN", right=True, least=8),
    Column(heading="95 % INTERVAL", right=True, least=12),
    Column(heading="NOTE", least=12),
)


def measured_lines(document: MeasuredExperiment, width: int | None) -> list[Line]:
    """What was measured, over all cycles, and what must be known about it."""
    cycles = len(document.runs)
    rows = [_row(metric) for metric in document.metrics]
    notes = [f"! {flag}" for flag in document.flags]
    return [
        Styled(f"{document.name}, {cycles} {'cycle' if cycles == 1 else 'cycles'}", "bold"),
        "",
        *table_lines(_COLUMNS, rows, width),
        *(["", *notes] if notes else []),
    ]


def _row(metric: MeasuredMetric) -> tuple[str, ...]:
    mean = "not measured" if metric.mean is None else number_text(metric.mean, metric.unit)
    interval = "-"
    if metric.low is not None and metric.high is not None:
        interval = f"{number_text(metric.low, metric.unit)} to {number_text(metric.high, metric.unit)}"
    name = metric.name if metric.phase is Phase.NONE else f"{metric.name}, {metric.phase.value}"
    return (name, metric.device or "-", mean, interval, metric.reason or metric.warning)
