"""A comparison, for people at a terminal: the verdict first, then what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.cli.terminal.style import Line, Piece, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.compare.structure.cell import label_of
from assay.compare.verdict import is_worse
from assay.compare.words import change_text, effect_of, interval_text, metric_text, percent_text
from assay.record.documents.comparison import ComparedLine, Comparison, Outcome
from assay.record.words.numbers import number_text, significant

STYLES = {
    Outcome.CORROBORATED: "green",
    Outcome.REFUTED: "red",
    Outcome.EQUIVALENT: "cyan",
    Outcome.INCONCLUSIVE: "yellow",
    Outcome.NOT_COMPARABLE: "yellow",
}
WORDS = {
    Outcome.CORROBORATED: "CORROBORATED",
    Outcome.REFUTED: "REFUTED",
    Outcome.EQUIVALENT: "EQUIVALENT",
    Outcome.INCONCLUSIVE: "INCONCLUSIVE",
    Outcome.NOT_COMPARABLE: "NOT COMPARABLE",
}
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
_MOST_UNDECIDED = 6


def comparison_lines(made: Comparison, width: int | None, *, show_all: bool = False) -> list[Line]:
    """Verdict, table, design, and what to do next."""
    lines: list[Line] = [(Styled(WORDS[made.verdict], STYLES[made.verdict]), f"  {made.headline}")]
    lines += list(_obstacles(made))
    lines += list(_claims(made))
    rows = table_of(made, show_all=show_all)
    if rows:
        lines += ["", *table_lines(_COLUMNS, [_row(made, line) for line in rows], width)]
        hidden = len(_all(made)) - len(rows)
        lines += [f"{hidden} more lines without a difference: --all shows them"] if hidden else []
    lines += list(_counts(made))
    lines += ["", *_basis(made), *_remarks(made)]
    return lines


def table_of(made: Comparison, *, show_all: bool) -> list[ComparedLine]:
    """The lines worth showing: the whole, what all share, what is shown, and the closest of the rest."""
    everything = _all(made)
    if show_all or len(everything) <= _MOST_UNDECIDED:
        return everything
    shown = [line for line in everything if line.kind in ("total", "common") or line.verdict is Outcome.CORROBORATED]
    rest = [line for line in everything if line not in shown and line.p_value is not None]
    rest.sort(key=lambda line: line.p_value or 0.0)
    return [*shown, *rest[: max(0, _MOST_UNDECIDED - len(shown))]]


def _all(made: Comparison) -> list[ComparedLine]:
    if made.design is None or not made.design.sound:
        return []
    ends = [line for line in (made.total, made.common) if line is not None]
    return [*ends, *made.groups, *made.cells]


def _row(made: Comparison, line: ComparedLine) -> tuple[Piece, ...]:
    effect = effect_of(line)
    p_value = line.p_value if line.p_adjusted is None else line.p_adjusted
    raw = percent_text(line.raw.change) if line.raw is not None and line.specific is not None else ""
    return (
        line.label,
        "" if line.before is None else number_text(line.before, made.unit),
        "" if line.after is None else number_text(line.after, made.unit),
        change_text(line),
        "" if effect is None else interval_text(effect),
        raw,
        "" if p_value is None else significant(p_value),
        _verdict(made, line),
    )


def _verdict(made: Comparison, line: ComparedLine) -> Piece:
    """A shown difference says which way, so that nobody needs the colour."""
    if line.verdict is not Outcome.CORROBORATED:
        return Styled(line.verdict.value, STYLES[line.verdict] if line.verdict is not Outcome.INCONCLUSIVE else "dim")
    worse = is_worse(made, line)
    return Styled(f"{line.direction}{' (worse)' if worse else ''}", "red" if worse else "green")


def _obstacles(made: Comparison) -> Iterator[Line]:
    for one in made.obstacles:
        yield f"  {one.fact}: {one.before} → {one.after}; {one.remedy}"


def _claims(made: Comparison) -> Iterator[Line]:
    for one in made.claims:
        when = "named before" if one.named_before else "not named before: corrected for every line of the table"
        text = f"  “{one.claim}” ({when}): "
        reason = f", {one.reason}" if one.reason else ""
        yield text, Styled(one.verdict.value, STYLES[one.verdict]), reason


def _counts(made: Comparison) -> Iterator[Line]:
    for one in made.exact:
        before, after = ("none" if value is None else f"{value:,.0f}" for value in (one.before, one.after))
        yield f"  {one.label}: {before} → {after}  {one.verdict.value}"


def _basis(made: Comparison) -> Iterator[Line]:
    """What was judged, and how."""
    design = made.design
    if design is None:
        return
    units = f"{made.baseline.units} and {made.candidate.units} {design.unit}s"
    how = f"{design.blocks} randomised blocks" if design.blocks is not None else f"{units}, {design.arrangement}"
    judged = f"{metric_text(made.metric)}, {made.location}, " if made.location else ""
    yield f"judged: {judged}by {made.by}; {how}; at most {made.alpha:.3g} for any false claim"
    decisive = made.claims[0].line if made.claims else made.total
    if decisive is not None and decisive.detectable is not None:
        text = (
            f"a change of {percent_text(decisive.detectable).lstrip('+−')} would have been found in 4 of 5 such tries"
        )
        more = decisive.further_blocks
        yield text + (f"; {more} more blocks would settle it" if more else "")
    if design.looks:
        yield f"looked {len(design.looks)} times while collecting, which the levels pay for"
    for caveat in design.caveats:
        yield Styled(f"note: {caveat}", "yellow")


def _remarks(made: Comparison) -> Iterator[Line]:
    for shift in made.shifts:
        saved, kept = (number_text(value, made.unit) for value in (shift.saved, shift.parent_saved))
        text = f"moved: {shift.function} saved {saved}, but {shift.parent}, which calls it, only {kept}"
        yield Styled(text, "yellow")
    for cells, where in ((made.only_before, "baseline"), (made.only_after, "candidate")):
        if cells:
            yield f"only in the {where}: {_listed([label_of(cell) for cell in cells])}"
    for note in made.notes:
        yield Styled(f"note: {note}", "yellow")
    if made.differs:
        yield "what differs:"
        yield from (f"  {text}" for text in made.differs)


def _listed(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
