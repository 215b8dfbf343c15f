"""What a reader of a migrated run must know, and the warnings that the older tool gave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.record.base import TEXT_CHARACTERS
from assay.record.enums import Severity
from assay.record.migration.fields import FAILED, NO_BASELINE
from assay.record.migration.source import Experiment
from assay.record.migration.times import Times
from assay.record.rows import QualityFlag


def remarks_of(experiment: Experiment, times: Times) -> tuple[QualityFlag, ...]:
    """Flags about the source, then its own warnings in their order."""
    return (*_about_source(experiment, times), *_warnings(experiment))


def _about_source(experiment: Experiment, times: Times) -> Iterator[QualityFlag]:
    yield _flag("migrated", Severity.INFO, f"From an older result file; {NO_BASELINE}, and origins are the weakest.")
    failed = [fields.get("energy_tracking_failed") is True for fields in (experiment.fields, *experiment.processes())]
    if any(failed):
        yield _flag("energy_tracking_failed", Severity.WARNING, f"Energy is null: {FAILED}.")
    if any(failed[1:]) and not all(failed[1:]) and not failed[0]:
        yield _flag("energy_incomplete", Severity.WARNING, "The total of energy leaves out processes that failed.")
    if not times.known:
        yield _flag("time_unknown", Severity.WARNING, "The file does not tell when it began and ended.")
    elif not times.zoned:
        yield _flag("time_zone_unknown", Severity.INFO, "The file's times have no zone; they are taken for UTC.")
    if any(process.get("gpu_is_mig") is True for process in experiment.processes()):
        yield _flag("mig", Severity.WARNING, "A part of a GPU was used (MIG); energy may be that of the whole GPU.")


def _warnings(experiment: Experiment) -> Iterator[QualityFlag]:
    aggregation = experiment.fields.get("aggregation")
    if isinstance(aggregation, dict):
        yield from _told("aggregation_warning", aggregation.get("warnings"))
    yield from _told("config_warning", experiment.fields.get("config_warnings"))
    for process in experiment.processes():
        yield from _told("energy_measurement_warning", [process.get("energy_measurement_warning")])
        if not experiment.raw:
            yield from _told("config_warning", process.get("config_warnings"))


def _told(name: str, warnings: Any) -> Iterator[QualityFlag]:
    for warning in warnings if isinstance(warnings, list) else ():
        if isinstance(warning, str) and warning:
            yield _flag(name, Severity.WARNING, warning)


def _flag(name: str, severity: Severity, message: str) -> QualityFlag:
    return QualityFlag(id=name, severity=severity, message=message.replace("\0", " ")[:TEXT_CHARACTERS])
