"""One line of a list of runs, and how it is read from a record without reading all of it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from assay.record.base import Record
from assay.record.enums import Severity, Status


class RunRow(Record, kw_only=True, gc=False):
    """What a list shows of a run. Numbers are of the whole run; null where the run has none."""

    id: str
    """The run's id."""
    created: datetime
    """When it began, UTC."""
    status: str
    """How it ended."""
    target: str
    """Name of what ran."""
    kind: str
    """Command, model, benchmark or attached process."""
    backend: str
    """What executed the work."""
    precision: str
    """Number format of the dominant arithmetic."""
    model: str | None
    """Name of the model, null where there was none."""
    workload: str
    """What the target was asked to do."""
    campaign: str | None
    """Campaign the run belongs to, null for none."""
    experiment: str | None
    """Experiment inside the campaign, null for none."""
    side: str | None
    """Side of a comparison, null for none."""
    session: str | None
    """Sitting in which it was made, null where not stated."""
    exit_code: int | None
    """Exit status of the target, null when there is none."""
    wall_s: float | None
    """Time from start to end of the target, null when not measured."""
    throughput_tokens_per_s: float | None
    """Tokens per second, null outside inference or when not measured."""
    energy_j: float | None
    """Energy, null when not measured."""
    energy_origin: str | None
    """``measured``, ``derived`` or ``estimated``; null without a value."""
    quality: str | None
    """Gravest of its quality flags, null where there are none."""
    size_bytes: int
    """Size of its files, the record itself left out."""
    workload_sha256: str
    """Hash of what the target was asked to do."""
    configuration_sha256: str
    """Hash of how it was set up and measured."""
    machine_sha256: str
    """Hash of the kind of machine."""
    tags: tuple[str, ...] = ()
    """Names given to it, sorted."""


class _Model(msgspec.Struct, gc=False):
    name: str


class _Target(msgspec.Struct, gc=False):
    name: str
    kind: str
    backend: str
    precision: str = "unspecified"
    model: _Model | None = None


class _Workload(msgspec.Struct, gc=False):
    name: str


class _Plan(msgspec.Struct, gc=False):
    target: _Target
    workload: _Workload


class _Position(msgspec.Struct, frozen=True, gc=False):
    campaign: str | None = None
    experiment: str | None = None
    side: str | None = None
    session: str | None = None


class _Outcome(msgspec.Struct, gc=False):
    exit_code: int | None = None


class _Fingerprints(msgspec.Struct, gc=False):
    workload_sha256: str
    configuration_sha256: str
    machine_sha256: str


class _Value(msgspec.Struct, gc=False):
    origin: str
    value: float | None = None


class _Metric(msgspec.Struct, gc=False):
    name: str
    value: _Value
    device: str | None = None
    phase: str = "none"


class _Flag(msgspec.Struct, gc=False):
    severity: Severity


class _File(msgspec.Struct, gc=False):
    size_bytes: int


class _Summary(msgspec.Struct, gc=False):
    """The part of a record that a list needs; everything else is passed over."""

    id: str
    created: datetime
    status: Status
    plan: _Plan
    outcome: _Outcome
    fingerprints: _Fingerprints
    position: _Position = _Position()
    metrics: tuple[_Metric, ...] = ()
    quality: tuple[_Flag, ...] = ()
    series: tuple[_File, ...] = ()
    artifacts: tuple[_File, ...] = ()


_DECODER = msgspec.json.Decoder(_Summary)
_GRAVITY = (Severity.INFO, Severity.WARNING, Severity.INVALID)


def summarise(data: bytes) -> RunRow:
    """The row of a record; ``ValueError`` where the bytes are no whole record."""
    summary = _DECODER.decode(data)
    target, position, fingerprints = summary.plan.target, summary.position, summary.fingerprints
    numbers = {metric.name: metric.value for metric in summary.metrics if _of_whole_run(metric)}
    energy = numbers.get("energy_j")
    return RunRow(
        id=summary.id,
        created=summary.created,
        status=summary.status,
        target=target.name,
        kind=target.kind,
        backend=target.backend,
        precision=target.precision,
        model=target.model.name if target.model else None,
        workload=summary.plan.workload.name,
        campaign=position.campaign,
        experiment=position.experiment,
        side=position.side,
        session=position.session,
        exit_code=summary.outcome.exit_code,
        wall_s=_value(numbers.get("wall_s")),
        throughput_tokens_per_s=_value(numbers.get("throughput_tokens_per_s")),
        energy_j=_value(energy),
        energy_origin=energy.origin if energy and energy.value is not None else None,
        quality=max((flag.severity for flag in summary.quality), key=_GRAVITY.index, default=None),
        size_bytes=sum(file.size_bytes for file in (*summary.series, *summary.artifacts)),
        workload_sha256=fingerprints.workload_sha256,
        configuration_sha256=fingerprints.configuration_sha256,
        machine_sha256=fingerprints.machine_sha256,
    )


def _of_whole_run(metric: _Metric) -> bool:
    return metric.device is None and metric.phase == "none"


def _value(quantity: _Value | None) -> float | None:
    return quantity.value if quantity else None
