"""One HTML file that loads nothing: the verdict, the forest plot, the distributions, every line."""

from __future__ import annotations

from collections.abc import Sequence

from assay.compare.words import metric_text
from assay.record.documents.comparison import ComparedLine, Comparison, Outcome
from assay.report.comparison.basis import basis, unmatched, warnings
from assay.report.comparison.forest import forest
from assay.report.comparison.format import ComparisonFormat
from assay.report.comparison.rows import HEADINGS, VERDICTS, all_lines, row_of, telling_lines
from assay.report.comparison.strips import strips
from assay.report.page.elements import Markup, element, folded, joined, section, table
from assay.report.page.frame import page

_TONES = {
    Outcome.CORROBORATED: "lower",
    Outcome.EQUIVALENT: "lower",
    Outcome.REFUTED: "higher",
    Outcome.INCONCLUSIVE: "inconclusive",
    Outcome.NOT_COMPARABLE: "inconclusive",
}
_MOST_DRAWN = 24
_MOST_STRIPS = 6


def render(made: Comparison) -> str:
    """The page."""
    names = made.candidate.name, made.baseline.name
    sides = f"{names[0]} against {names[1]}" if names[0] != names[1] else f"a change to {names[0]}"
    title = f"{sides}: {metric_text(made.metric)}"
    return page(title, _head(made, title), _obstacles(made), _claims(made), _drawn(made), _counts(made), *_rest(made))


def _head(made: Comparison, title: str) -> Markup:
    verdict = element("b", VERDICTS[made.verdict].capitalize())
    flags = [element("li", text, class_="warning") for text in warnings(made)]
    listing = element("ul", *flags, class_="flags") if flags else Markup()
    result = element("p", verdict, ". ", made.headline, class_=f"result {_TONES[made.verdict]}")
    return element("header", element("h1", title), result, listing)


def _obstacles(made: Comparison) -> Markup:
    rows = [(one.fact, one.before, one.after, one.remedy) for one in made.obstacles]
    return (
        section("Why they can't be compared", table(("fact", "baseline", "candidate", "what to do"), rows))
        if rows
        else Markup()
    )


def _claims(made: Comparison) -> Markup:
    rows = [
        (one.claim, "before" if one.named_before else "afterwards", VERDICTS[one.verdict], one.reason)
        for one in made.claims
    ]
    if not rows:
        return Markup()
    note = (
        "A claim that was written down before the candidate ran is tested alone. One that was made afterwards could "
        "have been picked from the table, and is corrected for every line of it."
    )
    return section("Claims", table(("claim", "named", "verdict", "why"), rows), element("p", note, class_="note"))


def _drawn(made: Comparison) -> Markup:
    lines = telling_lines(made, _MOST_DRAWN)
    picture = forest(made, lines)
    if not picture:
        return Markup()
    level = 100.0 * (1.0 - made.alpha)
    note = (
        f"The change of the candidate against the baseline. The thick line is the {level:.3g} % interval of that line "
        f"alone, the thin one holds for all lines at once; the band is the margin of ±{100.0 * made.margin:.3g} %, "
        "inside which a change would not matter. What all cells share is taken out of cells and groups."
    )
    everything = all_lines(made)
    inner = [picture, element("p", note, class_="note"), _table(made, lines)]
    if len(everything) > len(lines):
        inner.append(folded(f"All {len(everything)} lines", _table(made, everything)))
    drawn = [strip for line in lines[:_MOST_STRIPS] if (strip := strips(made, line))]
    spread = section("What every unit measured", element("div", *drawn, class_="picture")) if drawn else Markup()
    return joined((section("What changed", *inner), spread))


def _table(made: Comparison, lines: Sequence[ComparedLine]) -> Markup:
    rows = [[getattr(row_of(made, line), name) for name in HEADINGS] for line in lines]
    return table(HEADINGS, rows, class_="numbers")


def _counts(made: Comparison) -> Markup:
    rows = [
        (one.label, *("none" if n is None else f"{n:,.0f}" for n in (one.before, one.after)), VERDICTS[one.verdict])
        for one in made.exact
    ]
    return section("Counts", table(("count", "baseline", "candidate", "verdict"), rows)) if rows else Markup()


def _rest(made: Comparison) -> tuple[Markup, ...]:
    both = (("baseline", made.baseline), ("candidate", made.candidate))
    sides = [(name, side.name, str(side.units), element("code", side.command)) for name, side in both]
    runs = [element("p", f"{name}: ", element("code", " ".join(side.runs))) for name, side in both]
    return (
        section("What it rests on", _list([*basis(made), *unmatched(made)])),
        section("What ran", table(("side", "target", "units", "command"), sides), folded("Runs", *runs)),
        section("What differs", _list(made.differs)),
        section("What to do next", _list([element("code", text) for text in made.next_steps])),
    )


def _list(items: Sequence[str]) -> Markup:
    return element("ul", *(element("li", item) for item in items)) if items else Markup()


PLUGIN = ComparisonFormat(name="html", suffixes=(".html", ".htm"), media_type="text/html", render=render)
