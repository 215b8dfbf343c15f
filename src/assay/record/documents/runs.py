"""What the verbs of ``assay runs`` say."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from assay.record.base import Count, Name, Record, Sha256, Text, Ulid
from assay.record.enums import Backend, Precision, Severity, Status, TargetKind
from assay.record.fingerprint import Difference


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
