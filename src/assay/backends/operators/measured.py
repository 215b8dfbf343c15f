"""What profiling the operators of a model gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.backends.operators.matching import Placed
from assay.backends.operators.work import Work


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One call with what it had to do."""

    placed: Placed
    start_ns: int
    """On this machine's monotonic clock."""
    work: Work | None
    reason: str
    """Why the work is not known; empty where it is."""


@dataclass(frozen=True, kw_only=True)
class CountedRun:
    """One run of the model."""

    start_ns: int
    wall_ns: int
    gap_ns: int
    """Of it, in no node."""
    calls: tuple[Counted, ...]


@dataclass(frozen=True, kw_only=True)
class Profiled:
    """Everything that was measured."""

    load_ns: int
    """Reading the model and making it ready."""
    cold: CountedRun
    """The first run, which meets memory and code for the first time; part of no total."""
    runs: tuple[CountedRun, ...]
    """The measured runs."""
    with_ns: tuple[int, ...]
    """Wall time of each measured run, seen from outside."""
    without_ns: tuple[int, ...]
    """The same of runs without the profiler, one beside each."""
    nodes_of: dict[str, tuple[str, ...]]
    """Names of the model's nodes that an executed node stands for, by the executed node's key."""
    folded: tuple[str, ...]
    """Nodes of the model that no executed node stands for: computed at load, or left out."""
    remarks: Sequence[str] = ()
