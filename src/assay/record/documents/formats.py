"""What commands say about metrics and formats."""

from __future__ import annotations

from typing import Literal

from assay.record.base import Name, Record, Text
from assay.record.enums import SeriesKind
from assay.record.metrics import MetricDefinition


class Metrics(Record, kw_only=True):
    """The glossary."""

    document: Literal["metrics"] = "metrics"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    metrics: tuple[MetricDefinition, ...]
    """Every registered metric that was asked for."""


class Format(Record, kw_only=True):
    """One published format."""

    name: Name
    """What ``assay schema`` calls it."""
    kind: Name
    """``record``, ``document`` or ``series``."""
    meaning: Text
    """What it describes."""


class Schemas(Record, kw_only=True):
    """Formats that have a schema."""

    document: Literal["schema"] = "schema"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    formats: tuple[Format, ...]
    """Every one."""


class SeriesColumn(Record, kw_only=True):
    """One column of a series."""

    name: Name
    """Its name."""
    type: Name
    """Its Arrow type."""
    nullable: bool
    """Whether a value may be missing."""
    meaning: Text
    """What it holds."""


class SeriesSchema(Record, kw_only=True):
    """Columns of one kind of series."""

    document: Literal["schema.series"] = "schema.series"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    kind: SeriesKind
    """The kind of series."""
    schema_version: Name
    """Version of its columns."""
    columns: tuple[SeriesColumn, ...]
    """In the order of the files."""
