"""What a check hands back, and the interface of a check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assay.observe.doctor.surroundings import Surroundings
from assay.record.checks import CheckState


@dataclass(frozen=True)
class Finding:
    """What one look found; the words that explain a fault are all there or none."""

    state: CheckState
    found: str
    reason: str | None = None
    lost: str | None = None
    enable: str | None = None


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why something is not as it should be, what is lost by it, and the command that mends it."""

    reason: str
    lost: str
    enable: str


@dataclass(frozen=True)
class Inspection:
    """One check: its module's name is its id, its folder's name is its group."""

    title: str
    look: Callable[[Surroundings], Finding]
    states: frozenset[CheckState] = frozenset(CheckState)
    """States it may report."""


def ok(found: str) -> Finding:
    """As a measurement needs it."""
    return Finding(CheckState.OK, found)


def degraded(found: str, fault: Fault) -> Finding:
    """Usable, with a loss."""
    return Finding(CheckState.DEGRADED, found, fault.reason, fault.lost, fault.enable)


def missing(found: str, fault: Fault) -> Finding:
    """Not usable."""
    return Finding(CheckState.MISSING, found, fault.reason, fault.lost, fault.enable)
