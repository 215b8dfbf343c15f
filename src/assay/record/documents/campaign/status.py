"""The document of ``assay campaign run``, ``resume``, ``status`` and ``stop``."""

from __future__ import annotations

from typing import Literal

from assay.record.base import Count, Name, Record, Text

Standing = Literal["not_begun", "running", "resumable", "held", "complete", "failed"]


class CycleStatus(Record, kw_only=True):
    """How far one cycle is."""

    cycle: Count
    """Number of the cycle, from 0."""
    pending: Count = 0
    """Experiments that wait."""
    running: Count = 0
    """Experiments that were begun."""
    done: Count = 0
    """Experiments whose run is in the store."""
    failed: Count = 0
    """Experiments that failed as often as they may."""
    withdrawn: Count = 0
    """Experiments that the file names no longer."""


class RunningExperiment(Record, kw_only=True):
    """An experiment that was begun and has not ended, as far as is known."""

    id: Name
    """Its id."""
    cell: Name
    """Label of its cell."""
    cycle: Count
    """Number of the cycle, from 0."""
    generation: Count
    """Attempts begun so far."""
    device: Name
    """Where it runs."""
    for_s: float
    """Time since it was begun."""


class FailedExperiment(Record, kw_only=True):
    """An experiment that is given up."""

    id: Name
    """Its id."""
    cell: Name
    """Label of its cell."""
    cycle: Count
    """Number of the cycle, from 0."""
    run: Name | None
    """Id of its last run, where one was sealed."""
    reason: Text
    """Why it failed."""


class HeldGroup(Record, kw_only=True):
    """A group of which no more is tried after failures one after another."""

    group: Text
    """Its name."""
    failures: Count
    """Failures one after another."""
    reason: Text
    """Why the last one failed."""


class CampaignStatus(Record, kw_only=True):
    """How far a campaign is."""

    document: Literal["campaign.status"] = "campaign.status"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    name: Name
    """Name of the campaign."""
    file: Text
    """Its file."""
    state: Standing
    """Whether a process carries it out, it can be resumed, its open groups are held, or all of it is over."""
    changed: bool
    """Whether the file was changed since it was last taken in."""
    total: Count
    """Experiments in all, without withdrawn ones."""
    done: Count
    """Experiments whose run is in the store."""
    failed: Count
    """Experiments that are given up."""
    left_s: float | None
    """Time that the rest will take, from what was done so far; null where nothing was done yet."""
    cycles: tuple[CycleStatus, ...]
    """Each cycle."""
    running: tuple[RunningExperiment, ...]
    """What was begun and has not ended."""
    failures: tuple[FailedExperiment, ...]
    """The last of what is given up, at most 20."""
    held: tuple[HeldGroup, ...]
    """Groups of which no more is tried."""
