"""A performance pattern as its file states it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from assay.analyze.grammar import Node
from assay.analyze.rules.template import Template
from assay.record.base import Record
from assay.record.diagnosis.findings import Clock, Scope

Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$(?!\n)", max_length=60)]
Line = Annotated[str, Meta(min_length=3, max_length=300)]
Prose = Annotated[str, Meta(min_length=10, max_length=1500)]
Expression = Annotated[str, Meta(min_length=1, max_length=2000)]


class Family(StrEnum):
    """What a pattern is about."""

    CPU = "cpu"
    MEMORY = "memory"
    IO = "io"
    NETWORK = "network"
    CONCURRENCY = "concurrency"
    PROCESS = "process"
    TRUST = "trust"


class Evidence(StrEnum):
    """Kinds of evidence that a rule may need."""

    STACKS = "stacks"
    THREADS = "threads"
    PROCESSES = "processes"
    MACHINE = "machine"
    NATIVE = "native"
    CALLS = "calls"
    FUNCTIONS = "functions"
    SOURCES = "sources"


class Coarse(Record, kw_only=True):
    """What a rule goes by where no Python stacks could be read: the run as a whole."""

    when: Annotated[tuple[Expression, ...], Meta(min_length=1, max_length=12)]
    """Conditions; all must hold."""
    confidence: Expression
    """How sure it makes one."""
    observation: Prose
    """What was measured."""


class RuleText(Record, kw_only=True):
    """A rule word for word."""

    id: Id
    """Its stable name."""
    title: Line
    """The cause in one line, as a sentence about the program."""
    family: Family
    """What it is about; rules of ``trust`` judge the measurement and lower the confidence of the others."""
    scope: Scope
    """What kind of place it looks at."""
    when: Annotated[tuple[Expression, ...], Meta(min_length=1, max_length=12)]
    """Conditions; all must hold."""
    confidence: Expression
    """How sure it makes one, from the evidence; kept between 0 and 1."""
    let: dict[Id, Expression] = msgspec.field(default_factory=dict)
    """Values with a name, in order; later ones and all other expressions may use them."""
    needs: tuple[Evidence, ...] = ()
    """Kinds of evidence without which it is not evaluated, beyond those that every condition needs."""
    points_at: tuple[Line, ...] = ()
    """Words of source(…), best first: the finding names the line where such code stands, in the function that took the
    time, or elsewhere where a line took it that has no such code."""
    note: bool = False
    """Whether it only says where, without claiming that something is wrong there."""
    without_stacks: Coarse | None = None
    """Conditions on the whole run that take the place of the others where there are no stacks."""
    gain: tuple[Clock, ...] = ()
    """Clocks whose time at the place would go if the cause went; none where that can't be said."""
    lowers: Annotated[float, Meta(ge=0.0, le=1.0)] = 1.0
    """Only in ``trust``: what the confidence of all other findings is multiplied by."""
    excludes: tuple[Id, ...] = ()
    """More general rules that say nothing more where this one holds."""
    observation: Prose
    """What was measured: a sentence with ``{expression|unit}`` where numbers belong."""
    meaning: Prose
    """What that means."""
    uncertainty: Prose
    """What could make it wrong."""
    suggestions: Annotated[tuple[Prose, ...], Meta(min_length=1, max_length=6)]
    """What to do, best first."""
    verification: Annotated[tuple[Prose, ...], Meta(min_length=1, max_length=6)]
    """How to see that it was this, and that it is gone."""
    references: tuple[Line, ...] = ()
    """Where to read on."""


class Rule(Struct, frozen=True, kw_only=True):
    """A rule whose expressions have been read and checked."""

    text: RuleText
    named: tuple[tuple[str, Node], ...]
    when: tuple[Node, ...]
    confidence: Node
    observation: Template
    needs: frozenset[str]
    """Kinds of evidence without which it is not evaluated."""
    where: str
    """File and line it stands in."""
    without_stacks: Rule | None = None
    """The same rule as it is judged where there are no stacks."""
