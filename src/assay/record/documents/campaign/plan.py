"""The document of ``assay campaign plan``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from assay.record.base import Count, Name, Record, Text


class PlannedCell(Record, kw_only=True):
    """One cell of the grid."""

    id: Name
    """Hash of its settings."""
    label: Name
    """What varies, as ``assay compare campaign:NAME/LABEL`` takes it."""
    group: Text
    """The group it belongs to."""
    device: Name | None
    """Device it has to run on; null for any."""
    settings: Mapping[str, Any]
    """Settings of its experiment."""


class PlannedExperiment(Record, kw_only=True):
    """One cell in one cycle."""

    id: Name
    """The cell's id and the cycle."""
    cell: Name
    """Label of its cell."""
    cycle: Count
    """Number of the cycle, from 0."""


class CampaignPlan(Record, kw_only=True):
    """The experiments that a campaign's file means, in the order in which they are made."""

    document: Literal["campaign.plan"] = "campaign.plan"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    name: Name
    """Name of the campaign."""
    file: Text
    """Its file."""
    cycles: Count
    """Times that every cell is made."""
    order: Name
    """Order of the cells in each cycle."""
    devices: tuple[Name, ...]
    """Devices that experiments run on, at most one at a time on each."""
    cells: tuple[PlannedCell, ...]
    """What is made once in every cycle."""
    experiments: tuple[PlannedExperiment, ...]
    """All of them."""
