"""Places, clocks and shares of a diagnosis in words, the same on a terminal and in a report."""

from __future__ import annotations

from collections.abc import Sequence

from assay.record.diagnosis.findings import Clock, FindingEvidence, Gain, Location, NotEvaluated, Scope
from assay.record.words.numbers import number_text

CLOCK_WORDS: dict[Clock, str] = {
    Clock.CPU: "computing",
    Clock.GIL: "waiting for the interpreter",
    Clock.LOCK: "waiting for a lock",
    Clock.NETWORK: "waiting for the network",
    Clock.DISK: "waiting for storage",
    Clock.RUN_QUEUE: "waiting for a processor",
    Clock.SLEEP: "asleep",
    Clock.CHILD: "waiting for a child process",
    Clock.PIPE: "waiting for a pipe",
    Clock.IDLE: "waiting for input",
    Clock.UNKNOWN: "not known",
}
"""What a thread does while each clock runs."""


def place_text(place: Location) -> str:
    """A location in words."""
    match place.scope:
        case Scope.RUN:
            return f"the whole run, above all {_line_text(place)}" if place.function else "the whole run"
        case Scope.PROCESS:
            return place.program or "a process"
        case _ if place.native is not None and place.native == place.function:
            return f"{place.native}() in {place.file}"
    return _line_text(place)


def _line_text(place: Location) -> str:
    line = f":{place.line}" if place.line is not None else ""
    return f"{place.file}{line} in {place.function}()"


def gain_text(gain: Gain) -> str:
    """What removing a cause could give at most."""
    return f"at most {gain.share:.0%} of the wall time ({gain.low:.0%} to {gain.high:.0%})"


def value_text(one: FindingEvidence) -> str:
    """The number behind a condition; empty where there is none."""
    if one.value is None or isinstance(one.value, bool):
        return ""
    return number_text(one.value, one.unit or "1")


def unjudged_text(gaps: Sequence[NotEvaluated]) -> str:
    """How many rules could not be judged, and for want of what."""
    kinds = sorted({kind for gap in gaps for kind in gap.missing})
    patterns = "1 pattern was" if len(gaps) == 1 else f"{len(gaps)} patterns were"
    return f"{patterns} not evaluated, for want of: {', '.join(kinds)}"
