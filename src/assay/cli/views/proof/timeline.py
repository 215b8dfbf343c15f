"""A history, for people at a terminal."""

from __future__ import annotations

from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.record.documents.history import History
from assay.record.words.numbers import number_text
from assay.report.timeline.page import HEADINGS, rows_of
from assay.report.timeline.plot import spark

_COLUMNS = tuple(
    Column(heading=heading.upper(), least=8, right=heading in ("change", "before", "after", "p"))
    for heading in HEADINGS
)
_MOST_SPARKS = 8


def history_lines(made: History, width: int | None) -> list[Line]:
    """The sentence, the changes, and the numbers as blocks."""
    flagged = any(one.flagged for one in made.series)
    lines: list[Line] = [Styled(made.headline, "red" if flagged else "green")]
    rows = rows_of(made)
    if rows:
        lines += ["", *table_lines(_COLUMNS, rows, width)]
    lines.append("")
    for one in made.series[:_MOST_SPARKS]:
        known = [value for value in one.values if value is not None]
        ends = f"{number_text(min(known), made.unit)} … {number_text(max(known), made.unit)}" if known else "no numbers"
        lines.append(f"{spark(one.values)}  {one.label}, {ends}")
    left_out = f"; {made.left_out} others ran under other conditions" if made.left_out else ""
    return [*lines, f"{len(made.runs)} runs by {made.by}{left_out}"]
