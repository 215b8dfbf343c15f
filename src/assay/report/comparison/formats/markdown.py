"""Markdown for a pull request: the verdict, what it rests on, and the table folded away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.record.documents.comparison import ComparedLine, Comparison, Outcome
from assay.report.comparison.basis import basis, unmatched, warnings
from assay.report.comparison.format import ComparisonFormat
from assay.report.comparison.rows import HEADINGS, VERDICTS, all_lines, row_of, telling_lines
from assay.report.escape import for_markdown, markdown_code

_SIGNS = {
    Outcome.CORROBORATED: "✅",
    Outcome.REFUTED: "❌",
    Outcome.EQUIVALENT: "🟰",
    Outcome.INCONCLUSIVE: "❔",
    Outcome.NOT_COMPARABLE: "⛔",
}
_MOST = 10


def render(made: Comparison) -> str:
    """The comparison as one comment."""
    parts = (_head(made), _obstacles(made), _claims(made), _table(made), _counts(made), _rest(made), _all(made))
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part))) + "\n"


def _head(made: Comparison) -> Iterator[str]:
    yield f"### {_SIGNS[made.verdict]} {VERDICTS[made.verdict].capitalize()}"
    yield ""
    yield f"**{for_markdown(made.headline)}**"
    yield ""
    for name, side in (("baseline", made.baseline), ("candidate", made.candidate)):
        command = f" {markdown_code(side.command)}" if side.command else ""
        yield f"- {name}: {for_markdown(side.name)}, {side.units} units{command}"


def _obstacles(made: Comparison) -> Iterator[str]:
    if made.obstacles:
        yield "| differs in | baseline | candidate | what to do |\n|---|---|---|---|"
    for one in made.obstacles:
        yield f"| {' | '.join(map(for_markdown, (one.fact, one.before, one.after, one.remedy)))} |"


def _claims(made: Comparison) -> Iterator[str]:
    if made.claims:
        yield "| claim | named before | verdict | why |\n|---|---|---|---|"
    for one in made.claims:
        cells = (one.claim, "yes" if one.named_before else "no", VERDICTS[one.verdict], one.reason)
        yield f"| {' | '.join(map(for_markdown, cells))} |"


def _table(made: Comparison) -> Iterator[str]:
    yield from _rows(made, telling_lines(made, _MOST))


def _rows(made: Comparison, lines: Sequence[ComparedLine]) -> Iterator[str]:
    if lines:
        yield f"| {' | '.join(HEADINGS)} |\n|---|---|{'--:|' * (len(HEADINGS) - 2)}"
    for line in lines:
        row = row_of(made, line)
        yield f"| {' | '.join(for_markdown(getattr(row, name)) for name in HEADINGS)} |"


def _counts(made: Comparison) -> Iterator[str]:
    if made.exact:
        yield "| count | baseline | candidate | verdict |\n|---|--:|--:|---|"
    for one in made.exact:
        before, after = ("none" if value is None else f"{value:,.0f}" for value in (one.before, one.after))
        yield f"| {for_markdown(one.label)} | {before} | {after} | {VERDICTS[one.verdict]} |"


def _rest(made: Comparison) -> Iterator[str]:
    yield from (f"- {for_markdown(text)}" for text in (*basis(made), *unmatched(made), *made.differs))
    yield from (f"- ⚠️ {for_markdown(text)}" for text in warnings(made))
    yield from (f"- next: {markdown_code(text)}" for text in made.next_steps)


def _all(made: Comparison) -> Iterator[str]:
    everything = all_lines(made)
    if len(everything) > _MOST:
        yield f"<details><summary>All {len(everything)} lines</summary>\n"
        yield from _rows(made, everything)
        yield "\n</details>"


PLUGIN = ComparisonFormat(name="markdown", suffixes=(".md", ".markdown"), media_type="text/markdown", render=render)
