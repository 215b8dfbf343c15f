"""A history as one HTML file, and as Markdown."""

from __future__ import annotations

from assay.compare.words import metric_text, percent_text
from assay.record.documents.history import History, HistorySeries
from assay.record.words.numbers import number_text
from assay.report.escape import for_markdown
from assay.report.page.elements import Markup, element, section, table
from assay.report.page.frame import page
from assay.report.timeline.plot import curve, spark

_MOST_DRAWN = 30
HEADINGS = ("where", "now", "since", "change", "before", "after", "p")


def history_html(made: History) -> str:
    """The page."""
    title = f"{metric_text(made.metric)} over {len(made.runs)} runs"
    tone = "higher" if any(one.flagged for one in made.series) else "lower"
    head = element("header", element("h1", title), element("p", made.headline, class_=f"result {tone}"))
    drawn = [picture for one in made.series[:_MOST_DRAWN] if (picture := curve(made, one))]
    changes = table(HEADINGS, rows_of(made), class_="numbers") if rows_of(made) else Markup()
    runs = [(one.id, f"{one.created:%Y-%m-%d %H:%M}", one.revision) for one in made.runs]
    return page(
        title,
        head,
        section("Changes of level", changes),
        section("Over time", element("div", *drawn, class_="picture") if drawn else Markup()),
        section("Runs", table(("run", "began (UTC)", "revision"), runs)),
    )


def history_markdown(made: History) -> str:
    """The same for a pull request."""
    lines = [f"### {'❌' if any(one.flagged for one in made.series) else '✅'} {for_markdown(made.headline)}", ""]
    rows = rows_of(made)
    if rows:
        lines += [f"| {' | '.join(HEADINGS)} |", f"|---|{'--:|' * (len(HEADINGS) - 1)}"]
        lines += [f"| {' | '.join(map(for_markdown, row))} |" for row in rows]
    lines += [f"- {for_markdown(one.label)}: `{spark(one.values)}`" for one in made.series[:_MOST_DRAWN]]
    return "\n".join(lines) + "\n"


def rows_of(made: History) -> list[tuple[str, ...]]:
    """Every change of level in words, cells that are worse now first."""
    return [_row(made, one, number) for one in made.series for number in range(len(one.changes))]


def _row(made: History, one: HistorySeries, number: int) -> tuple[str, ...]:
    change = one.changes[number]
    now = "worse" if one.flagged and number == len(one.changes) - 1 else ""
    run = made.runs[change.index]
    since = f"{run.id[-8:]} {run.revision}".strip()
    before, after = number_text(change.before, made.unit), number_text(change.after, made.unit)
    return (one.label, now, since, percent_text(change.change), before, after, f"{change.p_value:.3g}")
