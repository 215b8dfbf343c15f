"""What a kind of evidence is, and which kind is chosen for a set of runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assay.compare.observed import Observed
from assay.errors import UsageError
from assay.plugins import Folder
from assay.store import StoredRun

KINDS = Folder("assay.compare.evidence")
FINEST_FIRST = ("campaign", "spans", "functions", "energy", "whole")
"""The first that applies is taken where none is named; strangers' kinds come last."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A plug-in of ``compare/evidence``: reads what runs hold of one kind, and judges nothing."""

    name: str
    """Its name, which is its file's."""
    summary: str
    """What a cell of it is, in a line."""
    metrics: Callable[[str], str]
    """The unit of a metric that it can give, empty where it can't."""
    lacks: Callable[[Sequence[StoredRun], str], str]
    """Why these runs have nothing of it; empty where they have."""
    read: Callable[[Sequence[StoredRun], str], Observed]
    """The runs of one side as units."""
    least_share: float = 0.0
    """Cells with a smaller share of the whole are not judged."""
    is_part: bool = False
    """Whether its cells leave out a part of the run, so that the whole is the run's own number."""


def choose(name: str, sides: Sequence[Sequence[StoredRun]], metric: str) -> Kind:
    """The kind that was asked for, or the finest that both sides have."""
    names = [name] if name else [*FINEST_FIRST, *(one for one in KINDS.names() if one not in FINEST_FIRST)]
    reasons = []
    for one in names:
        kind: Kind = KINDS.load(one)
        obstacle = _obstacle(kind, sides, metric)
        if not obstacle:
            return kind
        reasons.append(f"{kind.name}: {obstacle}")
    raise UsageError(
        f"nothing to compare by {metric!r}: {'; '.join(reasons)}",
        where="compare",
        remedy="choose another --metric, which `assay metrics` lists, or another --by",
    )


def _obstacle(kind: Kind, sides: Sequence[Sequence[StoredRun]], metric: str) -> str:
    if not kind.metrics(metric):
        return "it has no such metric"
    return next((reason for runs in sides if (reason := kind.lacks(runs, metric))), "")
