"""A trace's report as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assay.record.documents.inference.trace import TraceReport
from assay.report.escape import for_markdown
from assay.report.tracing.rows import HEADINGS, facts, step_rows, uncovered_row, verdict


def render(report: TraceReport) -> str:
    """The whole document."""
    title = report.model or report.file
    parts = (
        [f"# {for_markdown(title)}", *(f"\n**{for_markdown(line)}**" for line in verdict(report))],
        ["## Where the time went", "", *_table(HEADINGS, [*step_rows(report.steps), uncovered_row(report)])],
        _list("Layers and tokens that stand out", (outlier.text for outlier in report.outliers)),
        ["## Numbers", "", *_table(("fact", "value"), facts(report))],
        ["## Every layer", "", *_table(HEADINGS, step_rows(report.layers))] if report.layers else [],
        _list("About the file", report.remarks),
    )
    return "\n\n".join("\n".join(part) for each in parts if (part := list(each))) + "\n"


def _list(heading: str, lines: Iterable[str]) -> list[str]:
    items = [f"- {for_markdown(line)}" for line in lines]
    return [f"## {heading}", "", *items] if items else []


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    yield from (f"| {' | '.join(for_markdown(cell) for cell in row)} |" for row in rows)
