"""What a comparison of two sides found, as data: every format lays out this and adds nothing."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from assay.record.base import Count, Name, Record, Sha256, Text, Ulid


class Outcome(StrEnum):
    """What can be said. A test that failed, or could not be made, is inconclusive."""

    CORROBORATED = "corroborated"
    """The claim holds; without a claim, a difference is shown."""
    REFUTED = "refuted"
    """The claim does not hold."""
    EQUIVALENT = "equivalent"
    """Whatever difference there is lies inside the margin."""
    INCONCLUSIVE = "inconclusive"
    """Neither can be said; the reason says what would change that."""
    NOT_COMPARABLE = "not_comparable"
    """The sides differ in more than the change, or are not what they should be."""


class Cell(Record, kw_only=True):
    """One thing that both sides measured. Parts that do not apply are empty."""

    name: Name
    """Step, function, metric, benchmark or experiment."""
    layer: int | None = None
    """Model layer; null outside layers."""
    phase: str = "none"
    """Part of the inference."""
    device: Text = ""
    """Device it ran on; empty where there is only one to speak of."""
    op: Text = ""
    """Operator inside the step; empty for the whole step."""
    file: Text = ""
    """Source file of a function; empty for all else."""


class Estimate(Record, kw_only=True):
    """A relative change with its 95 % intervals, or whatever level the question asked for; -0.02 is 2 % less."""

    change: float
    """Candidate against baseline."""
    low: float
    """Lower end of the interval of this change alone."""
    high: float
    """Upper end."""
    low_together: float
    """Lower end of the interval that holds for all lines of the table at once."""
    high_together: float
    """Upper end."""


class ComparedLine(Record, kw_only=True):
    """One line of the answer."""

    kind: Literal["cell", "group", "common", "total"]
    """What it is about: a cell, several together, what all share, or the whole."""
    label: Text
    """Its name for people."""
    cell: Cell | None = None
    """The cell, or what the cells of the group have in common; null for the whole and for what all share."""
    counterpart: Cell | None = None
    """What it is called in the candidate, where that differs."""
    before: float | None
    """Typical value of the baseline; null for what all share."""
    after: float | None
    """Typical value of the candidate."""
    raw: Estimate | None
    """The change with what all cells share; null where it could not be estimated."""
    specific: Estimate | None
    """The change without what the other cells share; null where nothing could be removed."""
    difference: float | None
    """The change that the verdict is about, in the unit of the metric."""
    difference_low: float | None
    """Lower end of its interval."""
    difference_high: float | None
    """Upper end of its interval."""
    p_value: float | None
    """Of this line alone."""
    p_adjusted: float | None
    """Corrected for all lines; null for a claim named before, which is tested alone."""
    verdict: Outcome
    """What can be said of it."""
    direction: Literal["less", "more", "same"]
    """Which way the change points."""
    reason: Text
    """Why; never empty where inconclusive."""
    detectable: float | None
    """The smallest relative change that would have been found in four of five such comparisons."""
    further_blocks: Count | None
    """Blocks to add until the change would be found; 0 where it is decided, null where not known."""
    before_values: tuple[float, ...] = ()
    """One number per unit of the baseline; for the lines that are drawn only."""
    after_values: tuple[float, ...] = ()
    """The same of the candidate."""


class NamedClaim(Record, kw_only=True):
    """A claim, and what became of it."""

    claim: Text
    """Its words."""
    named_before: bool
    """Whether it was written down before the candidate ran, and is therefore tested alone."""
    stated_utc_ns: int | None = None
    """When it was written down; null where it was not."""
    sha256: Sha256 | None = None
    """Hash over time and claim."""
    line: ComparedLine | None
    """Its line; null where there is no such place."""
    verdict: Outcome
    """What became of it."""
    reason: Text
    """Why."""


class ComparedSide(Record, kw_only=True):
    """One side."""

    name: Text
    """What people call it."""
    command: Text
    """What ran, secrets masked; empty where there is no command line."""
    runs: tuple[Ulid, ...]
    """Its runs, oldest first."""
    files: tuple[Text, ...] = ()
    """Its trace files, where it is made of those."""
    units: Count
    """Independent measurements that they make."""


class ComparedDesign(Record, kw_only=True):
    """Whether the measurements can carry an answer."""

    arrangement: Name
    """How the sides lay in time: ``blocks``, ``mixed``, ``sequential`` or ``unknown``."""
    sound: bool
    """Whether anything was judged."""
    reason: Text
    """Why not, and what to do; empty where it is sound."""
    caveats: tuple[Text, ...]
    """What a reader has to know though it is sound."""
    unit: Name
    """What is counted as one observation: ``build`` or ``invocation``."""
    blocks: Count | None
    """Complete blocks; null without."""
    needed: Count
    """The fewest units a side, or blocks, with which anything can be decided."""
    looks: tuple[Count, ...] = ()
    """Numbers of blocks at which was looked while more were collected; empty where their number was fixed."""


class Obstacle(Record, kw_only=True):
    """A fact in which the sides must not differ, and do."""

    fact: Name
    """Its name, as ``--across`` takes it."""
    before: Text
    """In the baseline."""
    after: Text
    """In the candidate."""
    remedy: Text
    """What to do."""


class CostShift(Record, kw_only=True):
    """A function became cheaper, and the one that calls it did not."""

    function: Text
    """What became cheaper."""
    parent: Text
    """What calls it."""
    saved: float
    """What it takes less, in the unit of the metric."""
    parent_saved: float
    """What its caller takes less, all it calls included."""


class ExactCount(Record, kw_only=True):
    """A count that every run of a side has alike: it is compared as it is, without any test."""

    label: Text
    """What is counted."""
    before: float | None
    """In the baseline; null where it has none."""
    after: float | None
    """In the candidate; null where it has none."""
    verdict: Outcome
    """Fewer, as many, or more."""


class Comparison(Record, kw_only=True):
    """Whether a change did what it was to do."""

    document: Literal["compare"] = "compare"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    verdict: Outcome
    """The answer."""
    headline: Text
    """The answer in one sentence."""
    metric: Name
    """What was compared."""
    unit: Text
    """Its unit."""
    better: Name
    """Which way is good: ``lower``, ``higher`` or ``neither``."""
    by: Name
    """Kind of the cells: ``spans``, ``functions``, ``whole`` …"""
    location: Text
    """The number that stands for the repetitions of a unit; empty where nothing was judged."""
    alpha: float
    """Probability of any false claim."""
    margin: float
    """Relative change that would not matter."""
    seed: Count
    """What chose random sign patterns."""
    baseline: ComparedSide
    """The first side."""
    candidate: ComparedSide
    """The second side."""
    obstacles: tuple[Obstacle, ...] = ()
    """Why they can't be compared; empty where they can."""
    design: ComparedDesign | None = None
    """Whether the measurements can carry an answer; null where nothing was tested."""
    claims: tuple[NamedClaim, ...] = ()
    """Claims, in the order in which they were made."""
    total: ComparedLine | None = None
    """The whole."""
    common: ComparedLine | None = None
    """What all cells share; null below four cells."""
    groups: tuple[ComparedLine, ...] = ()
    """A step over all layers, a layer over all steps."""
    cells: tuple[ComparedLine, ...] = ()
    """Every cell that both sides have."""
    exact: tuple[ExactCount, ...] = ()
    """Counts that are compared without a test."""
    only_before: tuple[Cell, ...] = ()
    """Cells that the candidate lacks."""
    only_after: tuple[Cell, ...] = ()
    """Cells that the baseline lacks."""
    shifts: tuple[CostShift, ...] = ()
    """Savings that turned up elsewhere."""
    differs: tuple[Text, ...] = ()
    """In what the sides differ: the change itself, as far as the records tell."""
    notes: tuple[Text, ...] = ()
    """What else a reader has to know."""
    next_steps: tuple[Text, ...] = ()
    """Commands to run next."""
