"""The diagnosis in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from assay.record.diagnosis.findings import Clock, Finding, FindingEvidence, Findings, HotLine
from assay.record.diagnosis.words import CLOCK_WORDS, gain_text, place_text, value_text
from assay.record.words.numbers import number_text, significant
from assay.report.escape import for_markdown, markdown_block, markdown_code

_HELD = {True: "holds", False: "fails", None: "no data"}


def causes(found: Findings | None) -> Iterator[str]:
    """The sections, or nothing where there is no diagnosis."""
    if found is None:
        return
    yield from _clocks(found)
    yield "\n## Causes"
    if found.insufficient is not None:
        yield f"\n> Insufficient evidence: {for_markdown(found.insufficient)}"
    elif not found.findings:
        yield "\nNo known cause was found."
    for number, finding in enumerate(found.findings, start=1):
        yield from _cause(number, finding)
    yield from _remarks("Where the work is done", found.notes)
    yield from _remarks("Doubts about the measurement", found.trust)
    yield from _lines(found.lines)
    yield from _unjudged(found)


def _clocks(found: Findings) -> Iterator[str]:
    yield "## Where the wall time went\n"
    if not found.clocks:
        yield "Not known: no thread was looked at."
        return
    yield "| share | time | the deciding thread was |\n|--:|--:|---|"
    for one in found.clocks:
        yield f"| {one.share:.0%} | {number_text(one.seconds, 's')} | {CLOCK_WORDS[one.clock]} |"


def _cause(number: int, finding: Finding) -> Iterator[str]:
    yield f"\n### {number}. {for_markdown(finding.title)}\n"
    gain = f"; {gain_text(finding.gain)}" if finding.gain is not None else ""
    yield f"{markdown_code(place_text(finding.location))}{gain}; confidence {significant(finding.confidence)} "
    yield f"({markdown_code(finding.confidence_formula)}). Finding {markdown_code(finding.id)}.\n"
    yield f"- **Observation.** {for_markdown(finding.observation)}"
    yield f"- **Interpretation.** {for_markdown(finding.interpretation)}"
    yield f"- **Uncertainty.** {for_markdown(finding.uncertainty)}"
    yield from (f"- **Try.** {for_markdown(text)}" for text in finding.suggestions)
    yield from (f"- **How to verify.** {for_markdown(text)}" for text in finding.verification)
    yield "\n| condition | measured | from | |\n|---|--:|---|---|"
    yield from (_condition(one) for one in finding.evidence)
    if finding.stack:
        yield f"\n{markdown_block(chr(10).join(finding.stack))}"


def _condition(one: FindingEvidence) -> str:
    value = for_markdown(value_text(one))
    return f"| {markdown_code(one.condition)} | {value} | {for_markdown(one.source)} | {_HELD[one.held]} |"


def _remarks(heading: str, findings: tuple[Finding, ...]) -> Iterator[str]:
    if findings:
        yield f"\n## {heading}\n"
    for finding in findings:
        place = markdown_code(place_text(finding.location))
        yield f"- **{for_markdown(finding.title)}**, {place}: {for_markdown(finding.observation)}"


def _lines(lines: tuple[HotLine, ...]) -> Iterator[str]:
    if not lines:
        return
    yield "\n## Where the time went, by line\n"
    yield "Summed over all threads.\n"
    yield "| line | function | time | of it |\n|---|---|--:|---|"
    for one in lines:
        seconds = number_text(sum(one.seconds.values()), "s")
        place, function = markdown_code(f"{one.file}:{one.line}"), markdown_code(one.function)
        yield f"| {place} | {function} | {seconds} | {_split(one.seconds)} |"


def _split(seconds: dict[Clock, float]) -> str:
    ordered = sorted(seconds.items(), key=lambda item: -item[1])
    return ", ".join(f"{number_text(value, 's')} {CLOCK_WORDS[clock]}" for clock, value in ordered)


def _unjudged(found: Findings) -> Iterator[str]:
    if found.not_evaluated:
        yield "\n## Patterns that were not evaluated\n"
    for gap in found.not_evaluated:
        yield f"- {markdown_code(gap.pattern)}: {for_markdown(gap.reason)}"
