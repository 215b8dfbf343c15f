"""What the diagnosis says about a run: findings with their place, evidence and remedy.

The same run and the same rules give the same document, byte for byte: it holds no time, path or version of the
machine that analysed it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from assay.record.base import Count, Name, Ratio, Record, Sha256, Text, Ulid


class Clock(StrEnum):
    """Where the time of a thread goes; the clocks of a run's critical threads add up to its wall time."""

    CPU = "cpu"
    GIL = "gil"
    LOCK = "lock"
    NETWORK = "network"
    DISK = "disk"
    RUN_QUEUE = "run_queue"
    SLEEP = "sleep"
    CHILD = "child"
    PIPE = "pipe"
    IDLE = "idle"
    UNKNOWN = "unknown"


class Scope(StrEnum):
    """What kind of place a finding points at."""

    LINE = "line"
    FUNCTION = "function"
    PROCESS = "process"
    RUN = "run"


class Location(Record, kw_only=True):
    """The place of a cause."""

    scope: Scope
    """How precise it is."""
    file: Text | None = None
    """Source file, as the program names it; null where the place is no source line."""
    line: Count | None = None
    """Line in it."""
    function: Text | None = None
    """Function around it."""
    program: Text | None = None
    """Program of the process; null for the whole run."""
    native: Text | None = None
    """Native function that was on the processor there, where one stood out."""


class FindingEvidence(Record, kw_only=True):
    """One condition of a rule, with the number that was measured for it."""

    condition: Text
    """The condition as the rule writes it."""
    value: float | bool | None
    """What it came to; null where it was not evaluated."""
    threshold: float | None = None
    """The number it was compared with, where it was compared with one."""
    unit: Annotated[str, Meta(max_length=64)] = ""
    """Its unit."""
    source: Name
    """The collector behind the number."""
    held: bool | None
    """Whether the condition held; null where its data is missing."""


class Gain(Record, kw_only=True):
    """What removing the cause could give at most: the share of the run's wall time spent there (Amdahl)."""

    share: Ratio
    """Share of the wall time."""
    low: Ratio
    """Lower end of its 95 % interval."""
    high: Ratio
    """Upper end of its 95 % interval."""


class Finding(Record, kw_only=True):
    """One cause, at one place."""

    id: Name
    """Hash over pattern and location: the same cause at the same place has the same id in every run."""
    pattern: Name
    """Rule that found it."""
    title: Text
    """The cause in one line."""
    family: Name
    """cpu, memory, io, network, concurrency, process or trust."""
    location: Location
    """Where it is."""
    confidence: Ratio
    """How sure the evidence makes it."""
    confidence_formula: Text
    """How the confidence was computed from the evidence."""
    gain: Gain | None = None
    """What fixing it could give at most; null where that can't be said."""
    evidence: tuple[FindingEvidence, ...]
    """The numbers behind it."""
    observation: Text
    """What was measured, in one sentence."""
    interpretation: Text
    """What that means."""
    uncertainty: Text
    """What could make it wrong."""
    suggestions: tuple[Text, ...]
    """What to do about it, best first."""
    verification: tuple[Text, ...]
    """How to see that it was this, and that it is gone."""
    references: tuple[Text, ...] = ()
    """Where to read on."""
    stack: tuple[Text, ...] = ()
    """A typical stack, outermost first."""


class NotEvaluated(Record, kw_only=True):
    """A rule that could not be judged."""

    pattern: Name
    """Rule."""
    missing: tuple[Name, ...]
    """Kinds of evidence it needs and the run has not."""
    reason: Text
    """Why they are missing, and what would provide them."""


class ClockShare(Record, kw_only=True):
    """Time of the run by reason."""

    clock: Clock
    """The reason."""
    seconds: float
    """Time, on the thread that decided how long the run took."""
    share: Ratio
    """Of the wall time."""


class HotLine(Record, kw_only=True):
    """One line of the target's own code and where its time went."""

    file: Text
    """Source file."""
    line: Count
    """Line."""
    function: Text
    """Function around it."""
    samples: Count
    """Samples behind the numbers."""
    seconds: dict[Clock, float]
    """Time by reason, summed over threads."""


class Findings(Record, kw_only=True):
    """The diagnosis of one run."""

    document: Literal["findings"] = "findings"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    run: Ulid
    """The run."""
    record_sha256: Sha256
    """Hash of its run.json."""
    rules_sha256: Sha256
    """Hash of the rules that were applied."""
    insufficient: Text | None
    """Why nothing can be said about causes; null where the evidence is enough."""
    wall_s: float | None
    """Wall time of the run; null where it was not measured."""
    samples: Count
    """Stack samples behind the shares."""
    clocks: tuple[ClockShare, ...]
    """Where the wall time went."""
    findings: tuple[Finding, ...]
    """Causes, the most important first."""
    notes: tuple[Finding, ...]
    """Where the work is done, without a claim that it is done badly."""
    trust: tuple[Finding, ...]
    """What makes the measurement itself doubtful; it has lowered the confidence of the causes."""
    not_evaluated: tuple[NotEvaluated, ...]
    """Rules that could not be judged, by name."""
    lines: tuple[HotLine, ...]
    """Where the time went, by line of the target's own code, the most expensive first."""
