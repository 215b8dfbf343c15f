"""The documents that ``--json`` prints, one type each; ``assay schema NAME`` prints a type's schema.

A document names itself and its version. A field is added under the same version; a field that is
removed, renamed or changed in meaning makes a new one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from assay.record.base import Count, Name, Record, Sha256, Text, Ulid
from assay.record.ceilings import VgpuInfo
from assay.record.checks import Check
from assay.record.enums import Backend, Precision, SeriesKind, Severity, Status, TargetKind
from assay.record.fingerprint import Difference
from assay.record.metrics import MetricDefinition
from assay.record.schema import schema_of


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


class RunLine(Record, kw_only=True):
    """One run in a list."""

    id: Ulid
    """Its id."""
    created: datetime
    """When it began, UTC."""
    status: Status
    """How it ended."""
    target: Name
    """Short name of what was launched."""
    kind: TargetKind
    """Command, model, benchmark or attached process."""
    backend: Backend
    """What executed the work."""
    precision: Precision
    """Number format of the dominant arithmetic."""
    model: Name | None
    """Name of the model; null where there was none."""
    workload: Name
    """What the target was asked to do."""
    campaign: Name | None
    """Campaign it belongs to; null for none."""
    experiment: Name | None
    """Experiment inside the campaign; null for none."""
    side: Name | None
    """Side of a comparison; null for none."""
    session: Name | None
    """Sitting in which it was made; null where not stated."""
    exit_code: int | None
    """Exit status of the target; null where there is none."""
    wall_s: float | None
    """Time from start to end of the target; null where not measured."""
    throughput_tokens_per_s: float | None
    """Tokens per second; null outside inference or where not measured."""
    energy_j: float | None
    """Energy; null where not measured."""
    energy_origin: Name | None
    """``measured``, ``derived`` or ``estimated``; null without a value."""
    quality: Severity | None
    """Gravest of its quality flags; null where there are none."""
    size_bytes: Count
    """Size of its files, the record itself left out."""
    workload_sha256: Sha256
    """Hash of what the target was asked to do."""
    configuration_sha256: Sha256
    """Hash of how it was set up and measured."""
    machine_sha256: Sha256
    """Hash of the kind of machine."""
    tags: tuple[Name, ...] = ()
    """Names given to it, sorted."""


class RunsList(Record, kw_only=True):
    """Runs of a store."""

    document: Literal["runs.list"] = "runs.list"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    store: Text
    """The store."""
    runs: tuple[RunLine, ...]
    """Those that were asked for, in the order asked for."""


class RunsDiff(Record, kw_only=True):
    """What differs between two runs, and only that."""

    document: Literal["runs.diff"] = "runs.diff"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    a: Ulid
    """The first run."""
    b: Ulid
    """The second run."""
    same_workload: bool
    """Whether the same target was asked to do the same."""
    same_configuration: bool
    """Whether both were set up and measured in the same way."""
    same_machine: bool
    """Whether both ran on the same kind of machine in the same state of software."""
    differences: tuple[Difference, ...]
    """Every fact that differs, ids and times left out."""


class Change(Record, kw_only=True):
    """One thing that was done, or would be."""

    run: Ulid | None
    """The run concerned; null where there is none (yet)."""
    source: Text = ""
    """The file, tag or reference it was done from."""
    result: Text = ""
    """The file or name that came of it."""


class RunsChanged(Record, kw_only=True):
    """What a verb of ``assay runs`` changed."""

    document: Literal["runs.changed"] = "runs.changed"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    verb: Name
    """``tag``, ``untag``, ``export``, ``import``, ``migrate``, ``remove``, ``reindex`` or ``salvage``."""
    dry_run: bool = False
    """Whether nothing was changed in truth."""
    changes: tuple[Change, ...]
    """One for each thing."""


class Checked(Record, kw_only=True):
    """One record that was checked."""

    source: Text
    """Its path or reference, as given."""
    valid: bool
    """Whether it and all files it names are as they should be."""
    problems: tuple[Text, ...]
    """What is wrong, each in one line that names file and JSON pointer."""
    files_checked: Count
    """Files whose size and hash were compared with the record."""


class RunsValidate(Record, kw_only=True):
    """Records that were checked."""

    document: Literal["runs.validate"] = "runs.validate"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    checked: tuple[Checked, ...]
    """In the order given."""


class Doctor(Record, kw_only=True):
    """What this machine can measure."""

    document: Literal["doctor"] = "doctor"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    checks: tuple[Check, ...]
    """Everything that was looked at."""


DOCUMENTS: dict[str, type[Record]] = {
    "config.path": ConfigPath,
    "config.show": ConfigShow,
    "doctor": Doctor,
    "metrics": Metrics,
    "runs.changed": RunsChanged,
    "runs.diff": RunsDiff,
    "runs.list": RunsList,
    "runs.validate": RunsValidate,
    "schema": Schemas,
    "schema.series": SeriesSchema,
    "vgpu.info": VgpuInfo,
}
"""Every document by its name."""


def document_schema(name: str) -> dict[str, Any]:
    """JSON Schema of the document of that name."""
    kind = DOCUMENTS[name]
    version = kind.__struct_defaults__[kind.__struct_fields__.index("version")]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:assay:schema:{name}:{version}",
        "title": f"Assay document {name}",
        **schema_of(kind),
    }
