"""What several cycles come to: each metric's mean over cycles, with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.record.base import Missing
from assay.record.documents.measure import MeasuredExperiment, MeasuredMetric, MeasuredRun
from assay.record.enums import Phase, Status
from assay.record.metrics import BY_NAME
from assay.record.rows import Metric
from assay.stats.cycles import interval_of_means
from assay.store import StoredRun

_Key = tuple[str, str | None, Phase]


def summary_of(runs: Sequence[StoredRun]) -> MeasuredExperiment:
    """The document that says what was measured."""
    whole = [run for run in runs if run.record.status is Status.COMPLETE]
    return MeasuredExperiment(
        name=runs[0].record.plan.target.name if runs else "",
        session=runs[0].record.position.session if runs else None,
        runs=tuple(_run(number, run) for number, run in enumerate(runs)),
        metrics=tuple(_metrics(whole)),
        flags=tuple(dict.fromkeys(flag.message for run in runs for flag in run.record.quality)),
    )


def _run(number: int, run: StoredRun) -> MeasuredRun:
    record = run.record
    cycle = number if record.position.cycle is None else record.position.cycle
    return MeasuredRun(id=run.id, cycle=cycle, status=record.status, reason=record.status_reason)


def _metrics(runs: Sequence[StoredRun]) -> Iterator[MeasuredMetric]:
    tables: list[dict[_Key, Metric]] = [
        {(each.name, each.device, each.phase): each for each in run.record.metrics} for run in runs
    ]
    order = {name: place for place, name in enumerate(BY_NAME)}
    keys = {key for table in tables for key in table}
    for key in sorted(keys, key=lambda key: (key[1] or "", order[key[0]], key[2])):
        found = [table[key] for table in tables if key in table]
        yield _one(key, found, len(runs))


def _one(key: _Key, found: Sequence[Metric], cycles: int) -> MeasuredMetric:
    """One metric over all cycles; unknown where it is unknown in any of them."""
    name, device, phase = key
    unit = BY_NAME[name].unit
    gaps = [metric.value.reason for metric in found if isinstance(metric.value, Missing)]
    if gaps or len(found) < cycles:
        reason = gaps[0] if gaps else f"{cycles - len(found)} of {cycles} cycles do not have it"
        return MeasuredMetric(name=name, unit=unit, device=device, phase=phase, reason=reason)
    values = [float(metric.value.value) for metric in found if metric.value.value is not None]
    interval = interval_of_means(values)
    return MeasuredMetric(
        name=name,
        unit=unit,
        device=device,
        phase=phase,
        mean=interval.estimate,
        low=interval.low,
        high=interval.high,
        values=tuple(values),
        reason=interval.reason,
        warning=interval.warning,
    )
