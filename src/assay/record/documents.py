"""The documents that ``--json`` prints, one type each; ``assay schema NAME`` prints a type's schema.

A document names itself and its version. A field is added under the same version; a field that is
removed, renamed or changed in meaning makes a new one.
"""

from __future__ import annotations

from typing import Literal

from assay.record.base import Name, Record, Text
from assay.record.metrics import MetricDefinition


class Setting(Record, kw_only=True):
    """One setting."""

    key: Name
    """Its name."""
    value: str | int | bool
    """The value that holds here."""
    origin: Name
    """``flag``, ``environment``, ``project file``, ``user file`` or ``default``."""
    place: Text
    """File and line or variable; empty for a default."""
    meaning: Text
    """What it does."""


class ConfigShow(Record, kw_only=True):
    """Settings that hold here."""

    document: Literal["config.show"] = "config.show"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    settings: tuple[Setting, ...]
    """In the order of their declaration."""


class ConfigFile(Record, kw_only=True):
    """One file that may hold settings."""

    kind: Name
    """``project file`` or ``user file``."""
    path: Text | None
    """Where it is or would be; null where there is no such place."""
    exists: bool
    """Whether it is there."""


class ConfigPath(Record, kw_only=True):
    """Files that settings are read from."""

    document: Literal["config.path"] = "config.path"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    files: tuple[ConfigFile, ...]
    """The stronger first."""


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


DOCUMENTS: dict[str, type[Record]] = {
    "config.path": ConfigPath,
    "config.show": ConfigShow,
    "metrics": Metrics,
    "schema": Schemas,
}
"""Every document by its name."""
