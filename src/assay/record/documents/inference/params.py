"""What is said of the parameters of a backend."""

from __future__ import annotations

from typing import Literal

from assay.record.base import Count, Name, Record, Text


class ParameterRow(Record, kw_only=True):
    """One parameter that bears on time, energy or memory."""

    name: Name
    """Its name."""
    surface: Name
    """The class, function or file of keys that takes it."""
    kind: Text
    """Which values it takes."""
    touches: Name
    """What it bears on."""
    installed: bool | None
    """Whether the installed package has it; null where nothing was looked at, or it can't be seen by looking."""
    default: bool | int | float | str | None
    """The default of the installed package; null where it states none."""


class CombinationRow(Record, kw_only=True):
    """A combination that can't work, or of which a part is ignored."""

    id: Name
    """Its name."""
    surface: Name
    """The class, function or file of keys it is about."""
    when: dict[str, str]
    """Conditions by parameter, all of which must hold."""
    why: Text
    """Why."""
    answer: Literal["refuses", "warns", "takes", "unknown"]
    """What the package does with it, as the catalogue says."""
    replayed: Literal["refuses", "warns", "takes"] | None
    """What the installed package did with an example; null where it was not tried."""
    said: Text
    """What it said then."""


class DriftRow(Record, kw_only=True):
    """One way in which the installed package has left the catalogue."""

    surface: Name
    """Where."""
    name: Text
    """The parameter; empty for a whole surface."""
    change: Literal["gone", "new", "kind", "unreadable"]
    """What has happened to it."""
    said: Text
    """Details."""


class ParameterProblem(Record, kw_only=True):
    """One thing that is wrong with parameters that were given."""

    parameter: Name
    """Which."""
    rule: Name
    """Id of the combination, ``kind`` or ``name``."""
    said: Text
    """What is wrong."""
    refused: bool
    """Whether the package was seen to refuse it; otherwise a part of it is ignored, or nobody has tried."""


class Params(Record, kw_only=True):
    """The parameters of one backend."""

    document: Literal["params"] = "params"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    backend: Name
    """The backend."""
    package: Name
    """The distribution that was looked at."""
    package_version: Text | None
    """Its version; null where it is not installed."""
    relevant: Count
    """Parameters that bear on time, energy or memory."""
    typed: Count
    """Those of which it is known which values they take."""
    found: Count | None
    """Those that the installed package has; null where nothing was looked at."""
    parameters: tuple[ParameterRow, ...]
    """Every one."""
    combinations: tuple[CombinationRow, ...]
    """Combinations that can't work."""
    drift: tuple[DriftRow, ...]
    """Where the installed package has left the catalogue."""
    problems: tuple[ParameterProblem, ...]
    """What is wrong with the parameters that were given."""


class ParamsBackends(Record, kw_only=True):
    """Backends whose parameters are known."""

    document: Literal["params.backends"] = "params.backends"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    backends: tuple[Name, ...]
    """Their names."""
