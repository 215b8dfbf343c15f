"""Everything a report says, as data: each format only lays it out. It is also the JSON form of a report."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from assay.record.base import Count, Name, Quantity, Record, Text
from assay.record.diagnosis.findings import Findings
from assay.record.documents.inference.roofline import Roofline
from assay.record.enums import Phase, Severity, Status


class Answer(StrEnum):
    """What was found about one metric of the second side."""

    LOWER = "lower"
    HIGHER = "higher"
    INCONCLUSIVE = "inconclusive"


class Summary(Record, kw_only=True):
    """One metric over the runs of one side."""

    count: Count
    """Runs that have a number."""
    median: float | None
    """Median over those runs, the number itself where there is one; null with ``reason``."""
    low: float | None
    """Smallest of them."""
    high: float | None
    """Largest of them."""
    origin: Name
    """``measured``, ``derived``, ``estimated``, ``mixed`` where runs differ, or ``missing``."""
    source: Text
    """What measured it, what it was derived from, or the model behind the estimate."""
    reason: Text = ""
    """Why there is no number; empty where there is one."""


class Figure(Record, kw_only=True):
    """One metric, over all sides."""

    name: Name
    """Registered name."""
    device: Name | None = None
    """Device it belongs to; null for the whole run."""
    phase: Phase = Phase.NONE
    """Part of the inference it belongs to."""
    unit: Name
    """Unit of the numbers."""
    meaning: Text
    """What it is."""
    sides: tuple[Summary, ...]
    """One summary per side, in the order of ``View.sides``."""


class Split(Record, kw_only=True):
    """Where the wall time of a side went, as medians over its runs."""

    user_s: float
    """On a processor, in the program and its libraries."""
    system_s: float
    """On a processor, in the kernel."""
    waiting_s: float
    """Not on any processor: waiting for input, output, a lock, a sleep or a free processor."""
    wall_s: float
    """All of it."""


class Curve(Record, kw_only=True):
    """A time series of one run."""

    run: Name
    """The run."""
    name: Name
    """What was sampled."""
    unit: Name
    """Unit of the values."""
    time_s: tuple[float, ...]
    """Seconds since the start of the run."""
    values: tuple[float, ...]
    """One per time."""


class RunLine(Record, kw_only=True):
    """One run, in the table of all."""

    id: Name
    """Its id."""
    created: Text
    """When it began, UTC."""
    status: Status
    """How it ended."""
    status_reason: Text
    """Why it ended so; empty where it is complete."""
    block: Count | None
    """Randomised block it was measured in; null for none."""
    wall_s: Quantity
    """Time from start to end of the target."""
    cpu_s: Quantity
    """Time on a processor."""
    peak_rss_bytes: Quantity
    """Most memory it held."""


class Side(Record, kw_only=True):
    """Runs of the same thing."""

    label: Name
    """``A``, ``B`` … or the name that the design gave."""
    name: Text
    """The target's short name."""
    command: Text
    """The command line, secrets masked; empty where there is none."""
    runs: tuple[RunLine, ...]
    """Its runs, oldest first."""
    split: Split | None
    """Where its time went; null with ``split_reason``."""
    split_reason: Text = ""
    """Why that is not known."""
    curve: Curve | None = None
    """Memory over time of its middle run; null where nothing was sampled."""


class Compared(Record, kw_only=True):
    """One metric of the second side against the first."""

    metric: Name
    """Registered name."""
    unit: Name
    """Its unit."""
    claim: bool
    """Whether this was the question asked beforehand; the others only describe."""
    blocks: Count
    """Randomised blocks that hold both sides."""
    ratio: float | None
    """Second over first, geometric mean over blocks; null with ``reason``."""
    low: float | None
    """Lower end of its 95 % interval."""
    high: float | None
    """Upper end of its 95 % interval."""
    p_value: float | None
    """Of the exact sign-flip test."""
    answer: Answer
    """What that supports."""
    reason: Text = ""
    """Why it is inconclusive; empty where it is not."""


class FlagLine(Record, kw_only=True):
    """A quality flag, over all runs that carry it."""

    id: Name
    """Name of the flag."""
    severity: Severity
    """How much it weighs."""
    message: Text
    """In the words of the run that it hits hardest."""
    runs: Count
    """Runs that carry it."""
    of: Count
    """Runs there are."""


class Fact(Record, kw_only=True):
    """One fact about the place of the runs."""

    name: Text
    """What it is about."""
    value: Text | None
    """Null with ``reason``."""
    reason: Text = ""
    """Why it is not known."""


class FactGroup(Record, kw_only=True):
    """Facts under one heading."""

    heading: Name
    """What they have in common."""
    facts: tuple[Fact, ...]
    """In the order in which they are shown."""


class Story(Record, kw_only=True):
    """A passage that the author of the report adds."""

    heading: Text
    """Its title."""
    text: Text
    """One paragraph."""
    code: Text = ""
    """Shown as it is, in a fixed-width font."""


class View(Record, kw_only=True):
    """A report."""

    document: Literal["report"] = "report"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    title: Text
    """What it is about."""
    assay: Name
    """Version of Assay that measured."""
    headline: Text
    """The result in one sentence."""
    flags: tuple[FlagLine, ...]
    """What a reader must know first, worst first."""
    sides: tuple[Side, ...]
    """What was measured."""
    figures: tuple[Figure, ...]
    """The numbers, in the order of the registry."""
    compared: tuple[Compared, ...] = ()
    """The second side against the first; empty where there is nothing to compare."""
    diagnosis: Findings | None = None
    """Why the run took its time; null for several runs, and where nothing was kept that could say it."""
    roofline: Roofline | None = None
    """Operators or steps under the machine's ceilings; null where none were counted."""
    stories: tuple[Story, ...] = ()
    """Passages that the author adds."""
    key_facts: tuple[Fact, ...]
    """The facts about the machine that matter most."""
    environment: tuple[FactGroup, ...]
    """All facts about the place of the first run."""
    differences: tuple[Text, ...] = ()
    """How the other runs' places or settings differ from the first's."""
    unmeasured: tuple[Fact, ...] = ()
    """What this machine can't measure, and why."""
    next_steps: tuple[Text, ...] = ()
    """Commands to run next."""
