"""CSV: one row per side and metric, clock or cause, for spreadsheets; what they would run as a formula is defused."""

from __future__ import annotations

import csv
import io

from assay.record.documents.report import Figure, Side, Summary, View
from assay.record.words.escape import for_csv, plain
from assay.report.causes.rows import cause_rows
from assay.report.format import Format

COLUMNS = (
    *("side", "target", "metric", "device", "phase", "unit"),
    *("runs", "median", "low", "high", "origin", "source", "reason"),
)


def render(view: View) -> str:
    """One row per metric and side; numbers in full, in the unit that stands beside them."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for figure in view.figures:
        for side, summary in zip(view.sides, figure.sides, strict=True):
            writer.writerow([_cell(value) for value in _row(side, figure, summary)])
    for row in cause_rows(view):
        writer.writerow([_cell(value) for value in row])
    return buffer.getvalue()


def _row(side: Side, figure: Figure, summary: Summary) -> tuple[str | float | None, ...]:
    return (
        *(side.label, side.name, figure.name, figure.device, figure.phase.value, figure.unit),
        *(summary.count, summary.median, summary.low, summary.high),
        *(summary.origin, summary.source, summary.reason),
    )


def _cell(value: str | float | None) -> str | float:
    if value is None:
        return ""
    return for_csv(plain(value)) if isinstance(value, str) else value


PLUGIN = Format(name="csv", suffixes=(".csv",), media_type="text/csv", render=render)
