"""A campaign's report, for people: a line a cell and metric."""

from __future__ import annotations

from collections.abc import Iterator

from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.record.documents.campaign.report import CampaignReport, ReportedCell
from assay.record.documents.measure import MeasuredMetric
from assay.record.enums import Phase
from assay.record.words.numbers import number_text

SHOWN = (
    "e2e_latency_median_ms",
    "wall_s",
    "cpu_s",
    "throughput_tokens_per_s",
    "energy_j",
    "energy_adjusted_j",
    "energy_per_token_j",
)
"""Metrics that people see; the document and the table hold all."""
_COLUMNS = (
    Column(heading="CELL", least=20),
    Column(heading="METRIC", least=12),
    Column(heading="CYCLES", right=True, least=6),
    Column(heading="MEAN", right=True, least=8),
    Column(heading="95 % INTERVAL", right=True, least=12),
    Column(heading="NOTE", least=12),
)


def report_lines(document: CampaignReport, width: int | None) -> list[Line]:
    """Cells with their means over cycles."""
    shown = [row for cell in document.cells for row in _rows(cell)]
    missing = [f"! {document.missing:,} experiments are not done, and not in these numbers"] if document.missing else []
    flags = dict.fromkeys(flag for cell in document.cells for flag in cell.flags)
    return [
        Styled(f"{document.name}: {len(document.cells):,} cells × {document.cycles:,} cycles", "bold"),
        "",
        *table_lines(_COLUMNS, shown, width),
        *([""] if missing or flags else []),
        *missing,
        *(f"! {flag}" for flag in flags),
    ]


def _rows(cell: ReportedCell) -> Iterator[tuple[str, ...]]:
    metrics = {each.name: each for each in cell.metrics if each.device is None and each.phase is Phase.NONE}
    shown = [metrics[name] for name in SHOWN if name in metrics and metrics[name].mean is not None]
    if not shown:
        yield (cell.label, "-", str(cell.cycles_done), "not measured", "-", "no complete run")
    for each in shown:
        yield (cell.label, each.name, str(cell.cycles_done), *_numbers(each))


def _numbers(metric: MeasuredMetric) -> tuple[str, str, str]:
    mean = "not measured" if metric.mean is None else number_text(metric.mean, metric.unit)
    interval = "-"
    if metric.low is not None and metric.high is not None:
        interval = f"{number_text(metric.low, metric.unit)} to {number_text(metric.high, metric.unit)}"
    return mean, interval, metric.reason or metric.warning
