"""Documents of ``assay measure``."""

from __future__ import annotations

from typing import Literal

from assay.record.base import Count, Name, Record, Text, Ulid
from assay.record.enums import Phase, Status


class MeasuredRun(Record, kw_only=True):
    """One cycle, which is a run of the store."""

    id: Ulid
    """The run's id."""
    cycle: Count
    """Number of the cycle, from 0."""
    status: Status
    """How it ended."""
    reason: Text = ""
    """Why it is not complete; empty where it is."""


class MeasuredMetric(Record, kw_only=True):
    """One number over all complete cycles."""

    name: Name
    """Registered name."""
    unit: Name
    """Its unit."""
    device: Name | None = None
    """Device id; null for the whole run."""
    phase: Phase = Phase.NONE
    """Part of each launch that it is about; ``none`` for all of it."""
    mean: float | None = None
    """Mean over the cycles; null where it is unknown in one of them."""
    low: float | None = None
    """Lower end of the 95 % interval over cycles; null below three cycles."""
    high: float | None = None
    """Upper end of the 95 % interval over cycles; null below three cycles."""
    values: tuple[float, ...] = ()
    """One value for each cycle, in order."""
    reason: Text = ""
    """Why there is no number, or no interval."""
    warning: Text = ""
    """What limits the interval."""


class MeasuredExperiment(Record, kw_only=True):
    """An experiment that was measured in cycles."""

    document: Literal["measure"] = "measure"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    name: Text
    """Name of the target."""
    session: Name | None
    """The sitting that all its runs carry."""
    runs: tuple[MeasuredRun, ...]
    """One run for each cycle."""
    metrics: tuple[MeasuredMetric, ...]
    """Numbers over the complete cycles."""
    flags: tuple[Text, ...]
    """What must be known about the measurement."""
