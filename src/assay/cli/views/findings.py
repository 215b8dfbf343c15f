"""A diagnosis for people."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from assay.cli.terminal.style import Line, Piece, Styled
from assay.record.diagnosis.findings import (
    ClockShare,
    Finding,
    FindingEvidence,
    Findings,
)
from assay.record.diagnosis.words import CLOCK_WORDS, gain_text, place_text, unjudged_text, value_text
from assay.record.words.numbers import number_text, significant

_WIDTH = 100
_BAR = 24
_LEAST_SHARE = 0.01


def summary_lines(found: Findings, width: int | None, *, most: int = 3) -> list[Line]:
    """What a person wants to know first: where the time went, and the causes."""
    lines: list[Line] = [*_clock_lines(found.clocks)]
    if found.insufficient is not None:
        return [*lines, ("insufficient evidence: ", found.insufficient)]
    if not found.findings:
        lines += ["", *_none(found, width)]
    for number, finding in enumerate(found.findings[:most], start=1):
        lines += ["", *finding_lines(finding, width, run=found.run, number=number)]
    if len(found.findings) > most:
        lines += ["", f"… and {len(found.findings) - most} more"]
    for finding in found.trust:
        lines += ["", (Styled("doubt: ", "yellow"), finding.title, ". ", finding.observation)]
    if found.not_evaluated:
        lines += ["", Styled(unjudged_text(found.not_evaluated), "dim")]
    return lines


def finding_lines(finding: Finding, width: int | None, *, run: str, number: int | None = None) -> list[Line]:
    """One cause: what, where, how much, and what to do."""
    lines = head_lines(finding, width, number=number)
    lines += _folded(f"try: {finding.suggestions[0]}", width)
    lines.append(Styled(f"   assay explain {run} {finding.id[:6]}", "dim"))
    return lines


def head_lines(finding: Finding, width: int | None, *, number: int | None = None) -> list[Line]:
    """One cause: what, where, how much."""
    head: list[Piece] = [] if number is None else [f"{number}. "]
    head += [Styled(finding.title, "bold"), Styled(f"  (confidence {significant(finding.confidence)})", "dim")]
    lines: list[Line] = [tuple(head)]
    lines.append(("   ", Styled(place_text(finding.location), "cyan"), _gain(finding)))
    lines += _folded(finding.observation, width)
    return lines


def evidence_lines(evidence: Sequence[FindingEvidence]) -> list[Line]:
    """Every condition with its number and verdict."""
    words = {True: ("holds ", "green"), False: ("fails ", "red"), None: ("no data", "yellow")}
    lines: list[Line] = []
    for one in evidence:
        word, style = words[one.held]
        lines.append(("  ", Styled(f"{word:<8}", style), one.condition, Styled(f"   {_value(one)}", "dim")))
    return lines


def _value(one: FindingEvidence) -> str:
    value = value_text(one)
    return f"= {value}, from {one.source}" if value else f"from {one.source}"


def _gain(finding: Finding) -> str:
    return f"  {gain_text(finding.gain)}" if finding.gain is not None else ""


def _clock_lines(clocks: Sequence[ClockShare]) -> list[Line]:
    lines: list[Line] = []
    for one in clocks:
        if one.share >= _LEAST_SHARE:
            bar = "█" * max(1, round(one.share * _BAR))
            words = CLOCK_WORDS[one.clock]
            lines.append((f"{one.share:>5.0%}  ", Styled(f"{bar:<{_BAR}}", "cyan"), f"  {words}"))
    return [Styled("where the wall time went", "bold"), *lines] if lines else lines


def _none(found: Findings, width: int | None) -> list[Line]:
    lines: list[Line] = ["No known cause was found."]
    if found.notes:
        note = found.notes[0]
        lines += [(f"{note.title}: ", Styled(place_text(note.location), "cyan"))]
        lines += _folded(note.observation, width)
    elif found.lines:
        hottest = found.lines[0]
        seconds = sum(hottest.seconds.values())
        where = f"{hottest.file}:{hottest.line} in {hottest.function}()"
        lines.append(f"Most time was spent at {where}: {number_text(seconds, 's')}.")
    return lines


def _folded(text: str, width: int | None) -> list[Line]:
    return list(textwrap.wrap(text, min(width or _WIDTH, _WIDTH), initial_indent="   ", subsequent_indent="   "))
