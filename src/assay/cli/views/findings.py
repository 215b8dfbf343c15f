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
    Location,
    NotEvaluated,
    Scope,
)
from assay.record.words.numbers import number_text, significant

_WIDTH = 100
_BAR = 24
_LEAST_SHARE = 0.01
_CLOCK_WORDS = {
    "cpu": "computing",
    "gil": "waiting for the interpreter",
    "lock": "waiting for a lock",
    "network": "waiting for the network",
    "disk": "waiting for storage",
    "run_queue": "waiting for a processor",
    "sleep": "asleep",
    "child": "waiting for a child process",
    "pipe": "waiting for a pipe",
    "idle": "waiting for input",
    "unknown": "not known",
}


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
        lines += ["", Styled(_unjudged(found.not_evaluated), "dim")]
    return lines


def finding_lines(finding: Finding, width: int | None, *, run: str, number: int | None = None) -> list[Line]:
    """One cause: what, where, how much, and what to do."""
    head: list[Piece] = [] if number is None else [f"{number}. "]
    head += [Styled(finding.title, "bold"), Styled(f"  (confidence {significant(finding.confidence)})", "dim")]
    lines: list[Line] = [tuple(head)]
    lines.append(("   ", Styled(place_text(finding.location), "cyan"), _gain_text(finding)))
    lines += _folded(finding.observation, width)
    lines += _folded(f"try: {finding.suggestions[0]}", width)
    lines.append(Styled(f"   assay explain {run} {finding.id[:6]}", "dim"))
    return lines


def place_text(place: Location) -> str:
    """A location in words."""
    match place.scope:
        case Scope.RUN:
            return "the whole run"
        case Scope.PROCESS:
            return place.program or "a process"
        case _ if place.native is not None and place.native == place.function:
            return f"{place.native}() in {place.file}"
    line = f":{place.line}" if place.line is not None else ""
    return f"{place.file}{line} in {place.function}()"


def evidence_lines(evidence: Sequence[FindingEvidence]) -> list[Line]:
    """Every condition with its number and verdict."""
    words = {True: ("holds ", "green"), False: ("fails ", "red"), None: ("no data", "yellow")}
    lines: list[Line] = []
    for one in evidence:
        word, style = words[one.held]
        lines.append(("  ", Styled(f"{word:<8}", style), one.condition, Styled(f"   {_value(one)}", "dim")))
    return lines


def _value(one: FindingEvidence) -> str:
    if one.value is None or isinstance(one.value, bool):
        return f"from {one.source}"
    return f"= {number_text(one.value, one.unit or '1')}, from {one.source}"


def _gain_text(finding: Finding) -> str:
    if finding.gain is None:
        return ""
    gain = finding.gain
    return f"  at most {gain.share:.0%} of the wall time ({gain.low:.0%} to {gain.high:.0%})"


def _clock_lines(clocks: Sequence[ClockShare]) -> list[Line]:
    lines: list[Line] = []
    for one in clocks:
        if one.share >= _LEAST_SHARE:
            bar = "█" * max(1, round(one.share * _BAR))
            words = _CLOCK_WORDS[one.clock.value]
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


def _unjudged(gaps: Sequence[NotEvaluated]) -> str:
    kinds = sorted({kind for gap in gaps for kind in gap.missing})
    return f"{len(gaps)} patterns were not evaluated, for want of: {', '.join(kinds)}"


def _folded(text: str, width: int | None) -> list[Line]:
    return list(textwrap.wrap(text, min(width or _WIDTH, _WIDTH), initial_indent="   ", subsequent_indent="   "))
