"""What commands say about settings, the shell and the machine."""

from __future__ import annotations

from typing import Literal

from assay.record.base import Name, Record, Text
from assay.record.checks import Check


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


class ConfigSet(Record, kw_only=True):
    """One setting that was changed in the user's own file."""

    document: Literal["config.set"] = "config.set"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    key: Name
    """The setting."""
    value: str | int | bool
    """What it was set to."""
    path: Text
    """The file that was written."""
    holds: Setting
    """What holds here now: something stronger than the user's file may still count."""


class Completion(Record, kw_only=True):
    """A shell's completion script."""

    document: Literal["completion"] = "completion"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    shell: Name
    """The shell."""
    script: Text
    """What that shell is to run."""


class Doctor(Record, kw_only=True):
    """What this machine can measure."""

    document: Literal["doctor"] = "doctor"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    checks: tuple[Check, ...]
    """Everything that was looked at."""
