"""The diagnosis on the page: where the wall time went, the causes, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.record.diagnosis.findings import Clock, ClockShare, Finding, FindingEvidence, Findings, HotLine, NotEvaluated
from assay.record.diagnosis.words import CLOCK_WORDS, gain_text, place_text, unjudged_text, value_text
from assay.record.words.numbers import number_text, significant
from assay.report.page.elements import Markup, element, folded, joined, section, table

_HELD = {True: "holds", False: "fails", None: "no data"}
_OPEN = 3
"""Causes whose details are not folded."""
_BAR_HEIGHT = 22


def causes(found: Findings | None) -> Markup:
    """All sections of the diagnosis; nothing where there is none."""
    if found is None:
        return Markup()
    parts = [_cause(number, finding) for number, finding in enumerate(found.findings, start=1)]
    if found.insufficient is not None:
        parts = [element("p", f"Insufficient evidence: {found.insufficient}", class_="note warning")]
    elif not parts:
        parts = [element("p", "No known cause was found.")]
    doubts = section("Doubts about the measurement", *(_remark(finding) for finding in found.trust))
    notes = section("Where the work is done", *(_remark(finding) for finding in found.notes))
    return joined((_clocks(found.clocks), section("Causes", *parts), doubts, notes, _lines(found), _unjudged(found)))


def legend(clocks: Sequence[Clock]) -> Markup:
    """What the colours of clocks mean."""
    texts = [element("span", element("i", class_=f"swatch clock {one.value}"), CLOCK_WORDS[one]) for one in clocks]
    return element("p", *texts, class_="legend")


def bar(seconds: Mapping[Clock, float], whole: float, height: float) -> Markup:
    """Times side by side, each in the colour of its clock, in proportion to ``whole``."""
    rectangles, left = [], 0.0
    for clock in Clock:
        width = 100.0 * seconds.get(clock, 0.0) / whole if whole > 0 else 0.0
        if width > 0:
            title = element("title", f"{CLOCK_WORDS[clock]}: {number_text(seconds[clock], 's')}")
            shape = {"x": f"{left:.3f}%", "width": f"{width:.3f}%"}
            rectangles.append(element("rect", title, **shape, y=0.0, height=height, class_=f"clock {clock.value}"))
            left += width
    return element("svg", *rectangles, width="100%", height=height, role="img", aria_label="time by reason")


def _clocks(clocks: Sequence[ClockShare]) -> Markup:
    if not clocks:
        return Markup()
    picture = bar({one.clock: one.seconds for one in clocks}, sum(one.seconds for one in clocks), _BAR_HEIGHT)
    rows = [
        (
            joined((element("i", class_=f"swatch clock {one.clock.value}"), CLOCK_WORDS[one.clock])),
            number_text(one.seconds, "s"),
            f"{one.share:.0%}",
        )
        for one in clocks
    ]
    note = element("p", "Of the thread that decided how long the run took.", class_="note")
    listing = table(("the thread was", "time", "share"), rows)
    return section("Where the wall time went", element("div", picture, class_="picture"), listing, note)


def _cause(number: int, finding: Finding) -> Markup:
    gain = f"{gain_text(finding.gain)}; " if finding.gain is not None else ""
    lead = element("p", element("code", place_text(finding.location)), element("br"), gain, _confidence(finding))
    observation = _labelled("Observation", element("p", finding.observation))
    rest = (
        _labelled("Interpretation", element("p", finding.interpretation)),
        _labelled("Uncertainty", element("p", finding.uncertainty)),
        _labelled("What to try", _items(finding.suggestions)),
        _labelled("How to verify", _items(finding.verification)),
        _evidence(finding),
    )
    body = joined(rest) if number <= _OPEN else folded("Details", *rest)
    return element("article", element("h3", f"{number}. {finding.title}"), lead, observation, body, class_="cause")


def _confidence(finding: Finding) -> Markup:
    return joined((f"confidence {significant(finding.confidence)}; finding ", element("code", finding.id)))


def _labelled(label: str, content: Markup) -> Markup:
    return element("div", element("b", label), content, class_="labelled")


def _items(texts: Sequence[str]) -> Markup:
    return element("ul", *(element("li", text) for text in texts))


def _evidence(finding: Finding) -> Markup:
    rows = [_condition(one) for one in finding.evidence]
    conditions = table(("condition", "measured", "from", ""), rows)
    formula = element("p", "confidence = ", element("code", finding.confidence_formula), class_="note")
    stack = element("pre", "\n".join(finding.stack)) if finding.stack else Markup()
    references = _items(finding.references) if finding.references else Markup()
    return folded("Evidence", conditions, formula, stack, references)


def _condition(one: FindingEvidence) -> tuple[str, ...]:
    return element("code", one.condition), value_text(one), one.source, _HELD[one.held]


def _remark(finding: Finding) -> Markup:
    place = element("code", place_text(finding.location))
    return element("p", element("b", finding.title), ", ", place, ": ", finding.observation)


def _lines(found: Findings) -> Markup:
    if not found.lines:
        return Markup()
    longest = max(sum(one.seconds.values()) for one in found.lines)
    used = [clock for clock in Clock if any(clock in one.seconds for one in found.lines)]
    rows = [_line(one, longest) for one in found.lines]
    note = element("p", "Summed over all threads.", class_="note")
    listing = table(("line", "time", "by reason"), rows, class_="hot")
    return section("Where the time went, by line", legend(used), listing, note)


def _line(one: HotLine, longest: float) -> tuple[str, ...]:
    where = joined((element("code", f"{one.file}:{one.line}"), element("br"), element("small", f"{one.function}()")))
    return where, number_text(sum(one.seconds.values()), "s"), bar(one.seconds, longest, 14.0)


def _unjudged(found: Findings) -> Markup:
    gaps: Sequence[NotEvaluated] = found.not_evaluated
    if not gaps:
        return Markup()
    rows = [(element("code", gap.pattern), gap.reason) for gap in gaps]
    return section("Not evaluated", folded(unjudged_text(gaps), table(("pattern", "reason"), rows)))
