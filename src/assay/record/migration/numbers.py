"""The numbers of an experiment as metrics of the run and of its devices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from assay.record.base import Missing, Quantity, Record, one_line
from assay.record.enums import DeviceKind
from assay.record.migration.fields import AGGREGATED, FAILED, NO_BASELINE, NULL, PROCESS, UNSTATED, Rule, quantity_of
from assay.record.migration.source import Experiment
from assay.record.rows import Device, Metric


class Numbers(Record, kw_only=True):
    """What became of the numbers."""

    metrics: tuple[Metric, ...]
    """Numbers of the whole experiment, then of each process under its device."""
    devices: tuple[Device, ...]
    """One per process, named by its GPU."""
    used: frozenset[str]
    """Pointers in the source of all numbers that stand in ``metrics``, and of placeholders."""


def numbers_of(experiment: Experiment) -> Numbers:
    """Every number that has a metric, bit for bit."""
    devices = _devices(experiment)
    metrics: list[Metric] = []
    used: set[str] = set()
    for fields, pointer, device in _parts(experiment, devices):
        rules = AGGREGATED if device is None and not experiment.raw else PROCESS
        all_failed = _failed(fields, experiment if device is None else None)
        for rule in rules:
            value, found = _at(fields, rule.path)
            failed = all_failed or (_is_zero(value) and _inherits_failure(fields, experiment))
            quantity = _quantity(rule, value, fields, failed=failed) if found else None
            if quantity is not None:
                metrics.append(Metric(name=rule.metric, value=quantity, device=device))
            if (quantity is not None and quantity.value == value) or (failed and rule.energy and value == 0):
                used.add("/".join((pointer, *rule.path)))
    metrics.append(Metric(name="energy_adjusted_j", value=Missing(reason=NO_BASELINE)))
    return Numbers(metrics=tuple(metrics), devices=devices, used=frozenset(used))


def _is_zero(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == 0


def _parts(experiment: Experiment, devices: tuple[Device, ...]) -> Iterator[tuple[dict[str, Any], str, str | None]]:
    """Each object with numbers, its place, and its device where it is one process of several."""
    yield experiment.fields, experiment.pointer, None
    if not experiment.raw:
        for number, (process, device) in enumerate(zip(experiment.processes(), devices, strict=True)):
            yield process, f"{experiment.pointer}/process_results/{number}", device.id


def _failed(fields: dict[str, Any], whole: Experiment | None) -> bool:
    """Whether energies are placeholders: it says so, or it is the sum of nothing but placeholders."""
    parts = [process.get("energy_tracking_failed") is True for process in whole.processes()] if whole else []
    return fields.get("energy_tracking_failed") is True or (bool(parts) and all(parts))


def _inherits_failure(fields: dict[str, Any], experiment: Experiment) -> bool:
    """Whether a process says nothing of its own, and the whole says that tracking failed."""
    return fields.get("energy_tracking_failed") is None and experiment.fields.get("energy_tracking_failed") is True


def _at(fields: Any, path: tuple[str, ...]) -> tuple[Any, bool]:
    """The value at a path, and whether there is one."""
    for name in path:
        if not isinstance(fields, dict) or name not in fields:
            return None, False
        fields = fields[name]
    return fields, True


def _quantity(rule: Rule, value: Any, fields: dict[str, Any], *, failed: bool) -> Quantity | None:
    if rule.energy and failed:
        return Missing(reason=FAILED)
    if value is None:
        return Missing(reason=NULL)
    method = _at(fields, ("compute_metrics", "flops_method"))[0]
    by_method = rule.metric.startswith("flops") and isinstance(method, str)
    return quantity_of(rule.metric, value, one_line(method) if by_method else UNSTATED)


def _devices(experiment: Experiment) -> tuple[Device, ...]:
    """One device per process, by its GPU; several processes on one GPU are told apart."""
    processes = experiment.processes()
    gpus = [process.get("gpu_id") for process in processes]
    known = [f"gpu:{gpu}" if isinstance(gpu, int) and not isinstance(gpu, bool) else None for gpu in gpus]
    counts = Counter(known)
    return tuple(
        Device(
            id=_device_id(name, number, alone=counts[name] == 1),
            kind=DeviceKind.GPU if name else DeviceKind.OTHER,
            name=_device_name(process),
        )
        for number, (process, name) in enumerate(zip(processes, known, strict=True))
    )


def _device_id(gpu: str | None, number: int, *, alone: bool) -> str:
    if gpu is None:
        return f"process:{number}"
    return gpu if alone else f"{gpu}/process:{number}"


def _device_name(process: dict[str, Any]) -> str:
    name = process.get("gpu_name")
    return one_line(name) if isinstance(name, str) else "unstated"
