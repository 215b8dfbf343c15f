"""The strict run record: one document for everything that Assay measures."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal

from msgspec import Meta

from assay.record.base import Count, Instant, Name, Pointer, Record, RelativePath, Sha256, Text, Ulid
from assay.record.enums import SeriesKind, Status
from assay.record.environment import Environment
from assay.record.plan import Outcome, Plan, Position, Software
from assay.record.rows import Device, EnergyWindow, Metric, OpRow, QualityFlag, StepRow

SCHEMA_VERSION: Literal["3.0.0"] = "3.0.0"
LEGACY_CHARACTERS = 8 << 20
RUN_FILE = "run.json"
"""The record's own file, written last; it lists every other file of the run."""


class Clock(Record, kw_only=True):
    """How the run's monotonic nanoseconds relate to the calendar."""

    source: Name
    """Clock the spans carry, for example ``CLOCK_MONOTONIC``."""
    start_ns: Instant
    """Monotonic time at the start."""
    end_ns: Instant
    """Monotonic time at the end."""
    start_utc_ns: Instant
    """UTC at ``start_ns``, nanoseconds since 1970."""
    end_utc_ns: Instant
    """UTC at ``end_ns``."""
    anchor_error_ns: Count
    """Largest uncertainty of the two anchors."""

    def __post_init__(self) -> None:
        if self.end_ns < self.start_ns:
            raise ValueError("the end lies before the start, at /end_ns")


class QuantileSignature(Record, kw_only=True):
    """Shape of one timing distribution: quantiles of the duration, for telling runs apart at a glance."""

    cell: Name
    """What was timed: ``phase/step@device`` or ``phase/step/layer@device``."""
    count: Count
    """Durations behind it."""
    total_ns: Count
    """Their sum."""
    quantiles_ns: Annotated[tuple[float, ...], Meta(min_length=6, max_length=6)]
    """Minimum, 50th, 90th, 95th and 99th percentile, maximum."""


class Fingerprints(Record, kw_only=True):
    """Who this run is like: exact hashes and a statistical signature."""

    workload_sha256: Sha256
    """Same hash: the same target was asked to do the same."""
    configuration_sha256: Sha256
    """Same hash: it was set up and measured in the same way."""
    machine_sha256: Sha256
    """Same hash: it ran on the same kind of machine in the same state of software."""
    exact_sha256: Sha256
    """Hash over the other three."""
    statistical: tuple[QuantileSignature, ...] = ()
    """Signature per timed cell; empty where nothing was timed often enough."""


class Series(Record, kw_only=True):
    """A Parquet file of the run."""

    file: RelativePath
    """Path inside the run's folder."""
    kind: SeriesKind
    """Which published schema it follows."""
    schema_version: Name
    """Version of that schema."""
    rows: Count
    """Rows."""
    size_bytes: Count
    """File size."""
    sha256: Sha256
    """Hash of its bytes."""


class Artifact(Record, kw_only=True):
    """Any other file of the run: raw output of a collector, logs."""

    file: RelativePath
    """Path inside the run's folder."""
    collector: Name
    """What wrote it."""
    media_type: Name = "application/octet-stream"
    """What it holds."""
    size_bytes: Count
    """File size."""
    sha256: Sha256
    """Hash of its bytes."""


class Expectation(Record, kw_only=True):
    """A claim that was written down before the candidate ran."""

    stated_utc_ns: Instant
    """When it was stated."""
    claim: Text
    """The claim, in the words of ``--claim``."""
    sha256: Sha256
    """Hash over time and claim."""


def expect(claim: str, stated_utc_ns: int) -> Expectation:
    """The claim as it is written down at that time."""
    return Expectation(stated_utc_ns=stated_utc_ns, claim=claim, sha256=_sealed(claim, stated_utc_ns))


def is_intact(expectation: Expectation) -> bool:
    """Whether neither its words nor its time were changed since."""
    return expectation.sha256 == _sealed(expectation.claim, expectation.stated_utc_ns)


def _sealed(claim: str, stated_utc_ns: int) -> str:
    return hashlib.sha256(f"{stated_utc_ns}\n{claim}".encode()).hexdigest()


class Legacy(Record, kw_only=True):
    """A field of an older format that this one does not know, kept word for word."""

    pointer: Pointer
    """JSON pointer in the source document."""
    json: Annotated[str, Meta(min_length=1, max_length=LEGACY_CHARACTERS)]
    """The value as JSON text, as it stood there."""


class Migration(Record, kw_only=True):
    """Where a migrated record came from."""

    from_version: Name
    """Version of the source."""
    source_sha256: Sha256
    """Hash of the source file."""
    legacy: tuple[Legacy, ...] = ()
    """Fields that had no place here."""


class Run(Record, kw_only=True):
    """One measurement of one target: what ran, where, how it ended, what was measured, and from what."""

    schema_version: Literal["3.0.0"] = SCHEMA_VERSION
    """Version of this format."""
    id: Ulid
    """Identifier; sorts by time of creation."""
    created: datetime
    """When the run began, UTC."""
    status: Status
    """How it ended."""
    status_reason: Text = ""
    """Why it is not complete, in one line; empty when it is."""
    plan: Plan
    """What was to be measured and how."""
    position: Position = Position()
    """Its place in a larger design."""
    outcome: Outcome
    """How the target ended."""
    clock: Clock
    """Time base."""
    fingerprints: Fingerprints
    """Hashes and signature."""
    software: Software
    """What measured."""
    environment: Environment
    """Where it ran."""
    devices: tuple[Device, ...] = ()
    """Devices that took part."""
    ops: tuple[OpRow, ...] = ()
    """Operators or kernels."""
    steps: tuple[StepRow, ...] = ()
    """Steps per layer and phase."""
    metrics: tuple[Metric, ...] = ()
    """Numbers of the whole run, by registered name."""
    energy: tuple[EnergyWindow, ...] = ()
    """Energy windows."""
    quality: tuple[QualityFlag, ...] = ()
    """What a reader must know about the measurement."""
    series: tuple[Series, ...] = ()
    """Parquet files."""
    artifacts: tuple[Artifact, ...] = ()
    """Other files."""
    expectations: tuple[Expectation, ...] = ()
    """Claims stated beforehand."""
    migration: Migration | None = None
    """Source of a migrated record; null for one written in this version."""

    def __post_init__(self) -> None:
        if self.created.utcoffset() != timedelta(0):
            raise ValueError("the time is not in UTC, at /created")
        if (self.status is Status.COMPLETE) == bool(self.status_reason):
            raise ValueError("a reason is given exactly when the run is not complete, at /status_reason")
        _refuse_unknown_devices(self)
        _refuse_twice("metrics", "name", [(metric.name, metric.device, metric.phase) for metric in self.metrics])
        _refuse_twice("devices", "id", [device.id for device in self.devices])
        series, artifacts = [item.file for item in self.series], [item.file for item in self.artifacts]
        _refuse_twice("series", "file", series)
        _refuse_twice("artifacts", "file", artifacts)
        _refuse_clashes(series, artifacts)


def files_of(run: Run) -> tuple[Series | Artifact, ...]:
    """Every file of the run beside its record."""
    return (*run.series, *run.artifacts)


def _refuse_unknown_devices(run: Run) -> None:
    known = {device.id for device in run.devices} | {None}
    for table in ("ops", "steps", "energy", "metrics"):
        for number, row in enumerate(getattr(run, table)):
            if row.device not in known:
                raise ValueError(f"the device is not listed in `devices`, at /{table}/{number}/device")


def _refuse_twice(table: str, field: str, names: Sequence[Hashable]) -> None:
    seen: set[Hashable] = set()
    for number, name in enumerate(names):
        if name in seen:
            raise ValueError(f"the same {field} is listed twice, at /{table}/{number}/{field}")
        seen.add(name)


def _refuse_clashes(series: list[str], artifacts: list[str]) -> None:
    files = {*series, *artifacts, RUN_FILE}
    for table, names in (("series", series), ("artifacts", artifacts)):
        for number, name in enumerate(names):
            parts = name.split("/")
            folders = {"/".join(parts[:depth]) for depth in range(1, len(parts))}
            if name == RUN_FILE or folders & files or (table == "artifacts" and name in series):
                raise ValueError(f"the path stands for another file already, at /{table}/{number}/file")
