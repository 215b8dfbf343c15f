"""The sections of the HTML report, in the order in which a reader needs them."""

from __future__ import annotations

from assay.record.base import Missing, Quantity
from assay.record.documents.report import Answer, Compared, Fact, Figure, Side, Story, Summary, View
from assay.record.enums import Severity
from assay.record.words.numbers import number_text
from assay.report.numbers import name_beside_label, name_text, origin_text, ratio_text, spread_text, summary_text
from assay.report.page import pictures
from assay.report.page.elements import Markup, element, folded, joined, section, table

_VERDICTS = {Answer.LOWER: "lower", Answer.HIGHER: "higher", Answer.INCONCLUSIVE: "inconclusive"}


def header(view: View) -> Markup:
    """Title, result, and what a reader must know before believing it."""
    claim = next((one for one in view.compared if one.claim), None)
    tone = f"result {claim.answer.value}" if claim else "result"
    flags = [
        element(
            "li",
            element("b", f"{flag.severity.value} "),
            element("code", flag.id),
            f": {flag.message}",
            f" ({flag.runs} of {flag.of} runs)" if flag.of > 1 else "",
            class_=flag.severity.value,
        )
        for flag in view.flags
        if flag.severity is not Severity.INFO
    ]
    listing = element("ul", *flags, class_="flags") if flags else Markup()
    return element("header", element("h1", view.title), element("p", view.headline, class_=tone), listing)


def remarks(view: View) -> Markup:
    """What changes no number, for who wonders what is missing."""
    told = [flag for flag in view.flags if flag.severity is Severity.INFO]
    if not told:
        return Markup()
    items = [element("li", element("code", flag.id), f": {flag.message}", class_="info") for flag in told]
    return section("Remarks", element("ul", *items, class_="flags"))


def targets(view: View) -> Markup:
    """What ran."""
    rows = [(_named(index, side), str(len(side.runs)), _code(side.command)) for index, side in enumerate(view.sides)]
    return section("What ran", table(("target", "runs", "command"), rows))


def comparison(view: View) -> Markup:
    """The second side against the first."""
    if not view.compared:
        return Markup()
    first, second = (side.label for side in view.sides)
    rows = [_compared_row(one) for one in view.compared]
    note = (
        "The ratio is the geometric mean over blocks. The exact sign-flip test over randomised blocks, two-sided at "
        "5 %, judges the row marked with a verdict; the other rows describe and prove nothing."
    )
    heads = ("metric", "verdict", f"ratio {second} / {first}", "blocks", "p")
    return section(f"{second} against {first}", table(heads, rows), element("p", note, class_="note"))


def times(view: View) -> Markup:
    """Pictures of time and memory."""
    unknown = [
        element("p", f"{side.label}: not known: {side.split_reason}", class_="note")
        for side in view.sides
        if side.split is None
    ]
    waiting = "The run in the middle of each side. Waiting is derived: wall time less CPU time."
    note = element("p", waiting, class_="note")
    return joined(
        (
            section("Wall time of every run", pictures.wall_times(view.sides)),
            section("Where each second went", pictures.seconds(view.sides), *unknown, note),
            _memory(view),
        )
    )


def figures(view: View) -> Markup:
    """Every number with its origin."""
    heads = ("metric", *(_mark(index, side) for index, side in enumerate(view.sides)), "origin")
    rows = [_figure_row(figure) for figure in view.figures]
    words = "Medians; below each, the lowest and the highest." if any(len(side.runs) > 1 for side in view.sides) else ""
    note = element("p", words, class_="note") if words else Markup()
    return section("Numbers", table(heads, rows, class_="numbers"), note, _glossary(view))


def stories(view: View) -> Markup:
    """Passages of the report's author."""
    return joined(_story(story) for story in view.stories)


def place(view: View) -> Markup:
    """The facts that matter, and all others folded."""
    differences = [element("p", text, class_="note warning") for text in view.differences]
    groups = [joined((element("h3", group.heading), _facts(group.facts))) for group in view.environment]
    everything = folded("All facts about the machine and its software", *groups)
    return section("Where it ran", _facts(view.key_facts), *differences, everything)


def runs(view: View) -> Markup:
    """Every run, folded."""
    rows = [
        (
            *(_code(run.id), _named(index, side), "" if run.block is None else str(run.block)),
            f"{run.status.value}{': ' if run.status_reason else ''}{run.status_reason}",
            *(_cell(run.wall_s, "s"), _cell(run.cpu_s, "s"), _cell(run.peak_rss_bytes, "B")),
        )
        for index, side in enumerate(view.sides)
        for run in side.runs
    ]
    heads = ("run", "side", "block", "status", "wall_s", "cpu_s", "peak_rss_bytes")
    return section("Runs", folded(f"All {len(rows)} runs", table(heads, rows)))


def closing(view: View) -> Markup:
    """What can't be measured here, and what to do next."""
    parts = []
    if view.unmeasured:
        items = [element("li", element("b", fact.name), f": {fact.reason or fact.value}") for fact in view.unmeasured]
        parts.append(section("What this machine can't measure", element("ul", *items)))
    if view.next_steps:
        parts.append(section("Next", element("pre", "\n".join(view.next_steps))))
    return joined(parts)


def _named(index: int, side: Side) -> Markup:
    return joined((_mark(index, side), name_beside_label(side)))


def _mark(index: int, side: Side) -> Markup:
    return element("span", element("i", class_=f"mark side{index % 4}"), element("b", side.label), class_="named")


def _compared_row(one: Compared) -> tuple[str, ...]:
    verdict = element("b", _VERDICTS[one.answer]) if one.claim else Markup("described only")
    reason = f": {one.reason}" if one.reason else ""
    p_value = f"{one.p_value:.3g}" if one.claim and one.p_value is not None else ""
    return _code(one.metric), joined((verdict, reason)), ratio_text(one), str(one.blocks), p_value


def _figure_row(figure: Figure) -> tuple[str, ...]:
    origins = dict.fromkeys(origin_text(summary) for summary in figure.sides if summary.median is not None)
    values = (_value(summary, figure.unit) for summary in figure.sides)
    return _code(name_text(figure)), *values, " or ".join(origins)


def _value(summary: Summary, unit: str) -> Markup:
    value = element("span", summary_text(summary, unit), class_=summary.origin)
    spread = spread_text(summary, unit)
    return joined((value, element("br"), element("small", spread))) if spread else value


def _memory(view: View) -> Markup:
    picture = pictures.memory(view.sides)
    if not picture:
        return Markup()
    note = "Resident memory of the process tree, sampled, for the run in the middle of each side."
    return section("Memory over time", picture, element("p", note, class_="note"))


def _glossary(view: View) -> Markup:
    meanings = {figure.name: (figure.unit, figure.meaning) for figure in view.figures}
    rows = [(_code(name), unit, meaning) for name, (unit, meaning) in meanings.items()]
    return folded("What these numbers mean", table(("metric", "unit", "meaning"), rows))


def _story(story: Story) -> Markup:
    code = _listing(story.code) if story.code else Markup()
    return section(story.heading, element("p", story.text), code)


def _listing(code: str) -> Markup:
    """Lines of a difference get a colour beside their sign."""
    tones = {"+": "added", "-": "removed"}
    lines = [element("span", f"{line}\n", class_=tones.get(line[:1])) for line in code.splitlines()]
    return element("pre", *lines)


def _facts(facts: tuple[Fact, ...]) -> Markup:
    return element("dl", *(joined((element("dt", fact.name), _definition(fact))) for fact in facts))


def _definition(fact: Fact) -> Markup:
    if fact.value is None:
        return element("dd", f"not known: {fact.reason}", class_="missing")
    return element("dd", fact.value)


def _cell(quantity: Quantity, unit: str) -> str:
    if isinstance(quantity, Missing):
        return f"not measured: {quantity.reason}"
    return number_text(quantity.value, unit)


def _code(text: str) -> Markup:
    return element("code", text) if text else Markup()
