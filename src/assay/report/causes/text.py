"""The diagnosis in plain text: where the time went, and each cause with all that is said about it."""

from __future__ import annotations

from collections.abc import Iterator

from assay.record.diagnosis.findings import Finding, Findings
from assay.record.diagnosis.words import CLOCK_WORDS, gain_text, place_text, unjudged_text, value_text
from assay.record.words.numbers import number_text, significant
from assay.report.causes.lines import wrapped

_BAR = 30
_MOST_LINES = 10
_HELD = {True: "holds", False: "fails", None: "no data"}


def causes(found: Findings | None) -> Iterator[str]:
    """The section, or nothing where there is no diagnosis."""
    if found is None:
        return
    yield "Why it took its time"
    yield from _clocks(found)
    if found.insufficient is not None:
        yield from wrapped(f"Insufficient evidence: {found.insufficient}", first="! ")
    elif not found.findings:
        yield "  No known cause was found."
    for number, finding in enumerate(found.findings, start=1):
        yield ""
        yield from _cause(f"{number}. ", finding)
    for finding in found.notes:
        yield from _remark("note", finding)
    for finding in found.trust:
        yield from _remark("doubt", finding)
    yield from _lines(found)
    if found.not_evaluated:
        yield from ("", *wrapped(unjudged_text(found.not_evaluated), first="  "))


def _clocks(found: Findings) -> Iterator[str]:
    for one in found.clocks:
        bar = "█" * round(one.share * _BAR)
        yield f"  {one.share:>4.0%} {bar:<{_BAR}} {number_text(one.seconds, 's'):>8}  {CLOCK_WORDS[one.clock]}"


def _cause(lead: str, finding: Finding) -> Iterator[str]:
    confidence = f" (confidence {significant(finding.confidence)})"
    yield from wrapped(f"{lead}{finding.title}{confidence}", first="  ", rest="     ")
    yield from wrapped(place_text(finding.location), first="     ")
    if finding.gain is not None:
        yield f"     {gain_text(finding.gain)}"
    for label, texts in _parts(finding):
        for text in texts:
            yield from wrapped(f"{label + ':':<15} {text}", first="     ", rest=" " * 21)
    for one in finding.evidence:
        value = value_text(one)
        measured = f" = {value}" if value else ""
        words = f"{_HELD[one.held]:<7} {one.condition}{measured} [{one.source}]"
        yield from wrapped(words, first="       ", rest=" " * 15)


def _parts(finding: Finding) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("observation", (finding.observation,)),
        ("interpretation", (finding.interpretation,)),
        ("uncertainty", (finding.uncertainty,)),
        ("try", finding.suggestions),
        ("how to verify", finding.verification),
    )


def _remark(kind: str, finding: Finding) -> Iterator[str]:
    yield ""
    yield from wrapped(f"{kind}: {finding.title}: {place_text(finding.location)}", first="  ", rest="     ")
    yield from wrapped(finding.observation, first="     ")


def _lines(found: Findings) -> Iterator[str]:
    if not found.lines:
        return
    yield ""
    yield "  Where the time went, by line, over all threads"
    for one in found.lines[:_MOST_LINES]:
        seconds = number_text(sum(one.seconds.values()), "s")
        most = max(one.seconds, key=lambda clock: one.seconds[clock])
        where = f"{one.file}:{one.line} {one.function}() mostly {CLOCK_WORDS[most]}"
        yield from wrapped(f"{seconds:>8}  {where}", first="    ", rest=" " * 14)
    if len(found.lines) > _MOST_LINES:
        yield f"    … and {len(found.lines) - _MOST_LINES} more lines (the other formats show them)"
