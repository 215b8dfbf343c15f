"""A comparison, for people at a terminal: the verdict first, then what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from assay.cli.terminal.style import Line, Piece, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.record.documents.comparison import ComparedLine, Comparison, Outcome
from assay.report.comparison.basis import basis, unmatched, warnings
from assay.report.comparison.rows import VERDICTS, all_lines, row_of, telling_lines, tone_of

STYLES = {
    Outcome.CORROBORATED: "green",
    Outcome.REFUTED: "red",
    Outcome.EQUIVALENT: "cyan",
    Outcome.INCONCLUSIVE: "yellow",
    Outcome.NOT_COMPARABLE: "yellow",
}
_TONES = {"good": "green", "bad": "red", "same": "cyan", "open": "dim"}
_COLUMNS = (
    Column(heading="WHERE", least=12),
    Column(heading="BASELINE", right=True),
    Column(heading="CANDIDATE", right=True),
    Column(heading="CHANGE", right=True, least=8),
    Column(heading="INTERVAL", right=True, least=10),
    Column(heading="RAW", right=True, least=6),
    Column(heading="P", right=True),
    Column(heading="VERDICT", least=12),
)
_MOST_UNASKED = 8


def comparison_lines(made: Comparison, width: int | None, *, show_all: bool = False) -> list[Line]:
    """Verdict, table, design, and what to do next."""
    lines: list[Line] = [(Styled(VERDICTS[made.verdict].upper(), STYLES[made.verdict]), f"  {made.headline}")]
    lines += list(_obstacles(made))
    lines += list(_claims(made))
    everything = all_lines(made)
    rows = everything if show_all else telling_lines(made, _MOST_UNASKED)
    if rows:
        lines += ["", *table_lines(_COLUMNS, [_row(made, line) for line in rows], width)]
    if hidden := len(everything) - len(rows):
        lines.append(f"{hidden} more lines without a difference: --all shows them")
    lines += list(_counts(made))
    lines += ["", *basis(made), *unmatched(made)]
    lines += [Styled(f"note: {text}", "yellow") for text in warnings(made)]
    if made.differs:
        lines += ["what differs:", *(f"  {text}" for text in made.differs)]
    return lines


def _row(made: Comparison, line: ComparedLine) -> tuple[Piece, ...]:
    row = row_of(made, line)
    verdict = Styled(row.verdict, _TONES[tone_of(made, line)])
    return (row.where, row.baseline, row.candidate, row.change, row.interval, row.raw, row.p, verdict)


def _obstacles(made: Comparison) -> Iterator[Line]:
    for one in made.obstacles:
        yield f"  {one.fact}: {one.before} → {one.after}; {one.remedy}"


def _claims(made: Comparison) -> Iterator[Line]:
    for one in made.claims:
        when = "named before" if one.named_before else "not named before: corrected for every line of the table"
        text = f"  “{one.claim}” ({when}): "
        yield text, Styled(VERDICTS[one.verdict], STYLES[one.verdict]), f", {one.reason}" if one.reason else ""


def _counts(made: Comparison) -> Iterator[Line]:
    for one in made.exact:
        before, after = ("none" if value is None else f"{value:,.0f}" for value in (one.before, one.after))
        yield f"  {one.label}: {before} → {after}  {VERDICTS[one.verdict]}"
