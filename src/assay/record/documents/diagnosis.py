"""Documents of the diagnosis."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from assay.record.base import Count, Name, Record, Sha256, Text, Ulid
from assay.record.diagnosis.findings import Finding, FindingEvidence, Location
from assay.record.documents.report import Compared


class Pattern(Record, kw_only=True):
    """One performance pattern."""

    id: Name
    """Its name."""
    title: Text
    """The cause in one line."""
    family: Name
    """What it is about."""
    scope: Name
    """What kind of place it looks at: line, function, process or run."""
    needs: tuple[Name, ...]
    """Kinds of evidence without which it is not evaluated."""
    where: Text
    """File and line it stands in."""


class Patterns(Record, kw_only=True):
    """Patterns that runs are judged by."""

    document: Literal["patterns.list"] = "patterns.list"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    rules_sha256: Sha256
    """Hash of what all rules say."""
    patterns: tuple[Pattern, ...]
    """By name."""


class PatternInFull(Record, kw_only=True):
    """One performance pattern, word for word."""

    document: Literal["patterns.show"] = "patterns.show"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    pattern: Pattern
    """What the list says of it."""
    values: dict[str, Text]
    """Values it gives names to."""
    note: bool
    """Whether it only says where, without claiming that something is wrong."""
    when: tuple[Text, ...]
    """Conditions; all must hold."""
    confidence: Text
    """How sure they make one."""
    gain: tuple[Name, ...]
    """Clocks whose time at the place would go with the cause."""
    lowers: float
    """What it multiplies the confidence of others by."""
    excludes: tuple[Name, ...]
    """More general patterns that say nothing more where this one holds."""
    observation: Text
    """The sentence with its numbers."""
    meaning: Text
    """What it means."""
    uncertainty: Text
    """What could make it wrong."""
    suggestions: tuple[Text, ...]
    """What to do."""
    verification: tuple[Text, ...]
    """How to see that it was this."""
    references: tuple[Text, ...]
    """Where to read on."""


class PatternTried(Record, kw_only=True):
    """A pattern tried on one recorded run."""

    pattern: Name
    """Its name."""
    kind: Literal["positive", "negative"]
    """Whether the run has the cause, or only looks like it."""
    passed: bool
    """Whether it was found, or not found, as it should be."""
    found: tuple[Name, ...]
    """Every cause, note and doubt that was found in the run."""


class PatternsTested(Record, kw_only=True):
    """Patterns tried on recorded runs."""

    document: Literal["patterns.test"] = "patterns.test"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    rules_sha256: Sha256
    """Hash of what all rules say."""
    tried: tuple[PatternTried, ...]
    """Every recorded run, by pattern."""
    unrecorded: tuple[Name, ...]
    """Patterns that lack a recorded run of either kind."""


class PlaceTried(Record, kw_only=True):
    """A pattern tried at one place."""

    location: Location
    """The place."""
    held: bool
    """Whether all conditions held."""
    evidence: tuple[FindingEvidence, ...]
    """Every condition with its number."""


class Explanation(Record, kw_only=True):
    """Why a pattern was found in a run, or why not."""

    document: Literal["explain"] = "explain"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    run: Ulid
    """The run."""
    pattern: Name
    """The pattern."""
    finding: Finding | None
    """The finding; null where there is none."""
    missing: Text | None
    """Why the pattern could not be judged; null where it could."""
    places: tuple[PlaceTried, ...]
    """Places where it was tried, the closest first."""
    places_tried: Count
    """How many there were."""


class Verdict(StrEnum):
    """What a change did to a finding."""

    CLOSED = "closed"
    """The cause is gone, and the wall time fell."""
    REJECTED = "rejected"
    """The cause is still there, or it is gone and nothing became faster by that."""
    INCONCLUSIVE = "inconclusive"
    """Neither can be said."""


class Seen(Record, kw_only=True):
    """In how many runs of one side the cause was found."""

    runs: Count
    """Runs that were made."""
    judged: Count
    """Runs with enough evidence to judge."""
    found: Count
    """Runs in which it was found."""


class Verification(Record, kw_only=True):
    """Whether a changed command is rid of a finding, and faster by it."""

    document: Literal["verify"] = "verify"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    run: Ulid
    """The run with the finding."""
    finding: Finding
    """The finding."""
    command: Text
    """The changed command, secrets masked."""
    sitting: Name
    """Name of the sitting in which both were run, interleaved."""
    verdict: Verdict
    """The answer."""
    reason: Text
    """Why."""
    before: Seen
    """Runs of the original command."""
    after: Seen
    """Runs of the changed command."""
    compared: tuple[Compared, ...]
    """Times and memory of the changed command against the original."""
    same_output: bool | None
    """Whether all runs printed the same; null where their output was not kept."""
