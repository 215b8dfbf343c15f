"""The document of ``assay campaign report``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from assay.record.base import Count, Name, Record, Text
from assay.record.documents.measure import MeasuredMetric, MeasuredRun


class ReportedCell(Record, kw_only=True):
    """What one cell came to over the cycles."""

    label: Name
    """What varies, as ``assay compare campaign:NAME/LABEL`` takes it."""
    varied: Mapping[str, Any]
    """The same as values."""
    cycles_done: Count
    """Cycles of which there is a complete run."""
    runs: tuple[MeasuredRun, ...]
    """One run for each of them."""
    metrics: tuple[MeasuredMetric, ...]
    """Numbers over the complete cycles, each with its interval."""
    flags: tuple[Text, ...]
    """What must be known about its runs."""


class CampaignReport(Record, kw_only=True):
    """A campaign's cells over its cycles."""

    document: Literal["campaign.report"] = "campaign.report"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    name: Name
    """Name of the campaign."""
    cycles: Count
    """Cycles that were planned."""
    missing: Count
    """Experiments that are not in it because they are not done."""
    cells: tuple[ReportedCell, ...]
    """In the order of the file."""
