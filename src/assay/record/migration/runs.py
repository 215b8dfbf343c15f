"""From a version-2 file to run records: one run per experiment, the same bytes in, the same record out."""

from __future__ import annotations

import hashlib
from typing import Any

from assay.record.base import Missing, Quantity, one_line
from assay.record.codec import encode_run
from assay.record.enums import Backend, EnergyMethod, Precision, Status, TargetKind
from assay.record.environment import Environment
from assay.record.fingerprint import fingerprint
from assay.record.ids import RANDOM_BYTES, ulid_of
from assay.record.migration.fields import ABSENT, NO_BASELINE
from assay.record.migration.legacy import leftovers
from assay.record.migration.numbers import Numbers, numbers_of
from assay.record.migration.remarks import remarks_of
from assay.record.migration.settings import options_of, setting
from assay.record.migration.source import Experiment, Source, read_source
from assay.record.migration.times import Times, times_of
from assay.record.migration.unknown import nothing_known
from assay.record.plan import Model, Outcome, Plan, Position, Software, Target, Workload
from assay.record.rows import EnergyWindow
from assay.record.run import Migration, Run

_BACKENDS = {
    "pytorch": Backend.PYTORCH,
    "transformers": Backend.PYTORCH,
    "vllm": Backend.VLLM,
    "tensorrt": Backend.TENSORRT_LLM,
    "tensorrt_llm": Backend.TENSORRT_LLM,
    "tensorrt-llm": Backend.TENSORRT_LLM,
    "onnxruntime": Backend.ONNXRUNTIME,
    "llamacpp": Backend.LLAMACPP,
    "llama.cpp": Backend.LLAMACPP,
    "openai": Backend.OPENAI,
}
_PRECISIONS = {
    "float64": Precision.FP64,
    "float32": Precision.FP32,
    "float16": Precision.FP16,
    "bfloat16": Precision.BF16,
    **{precision.value: precision for precision in Precision},
}


def migrate_v2(data: bytes, where: str) -> tuple[Run, ...]:
    """The runs of a version-2 file: one, or one per cycle. Raises ``RecordError`` before anything is made."""
    source = read_source(data, where)
    runs = tuple(_run(source, experiment, data) for experiment in source.experiments)
    for run in runs:
        encode_run(run)
    return runs


def _run(source: Source, experiment: Experiment, data: bytes) -> Run:
    numbers, times = numbers_of(experiment), times_of(experiment)
    plan = _plan(experiment)
    software = nothing_known(Software, ABSENT, assay="none", core="none", isa="none")
    environment = nothing_known(Environment, ABSENT)
    legacy = leftovers(data, numbers.used, experiment.pointer)
    return Run(
        id=_id_of(source, experiment, times),
        created=times.created,
        status=Status.COMPLETE,
        plan=plan,
        position=_position(experiment, source),
        outcome=Outcome(note="the older result file does not say how the target ended"),
        clock=times.clock,
        fingerprints=fingerprint(plan, software, environment, ()),
        software=software,
        environment=environment,
        devices=numbers.devices,
        metrics=numbers.metrics,
        energy=_windows(numbers, times),
        quality=remarks_of(experiment, times),
        migration=Migration(from_version=source.version, source_sha256=source.sha256, legacy=legacy),
    )


def _id_of(source: Source, experiment: Experiment, times: Times) -> str:
    digest = hashlib.sha256(f"{source.sha256}{experiment.pointer}".encode()).digest()
    return ulid_of(max(int(times.created.timestamp() * 1000), 0), digest[:RANDOM_BYTES])


def _plan(experiment: Experiment) -> Plan:
    name = setting(experiment, "config_name") or setting(experiment, "experiment_id") or "experiment"
    model = setting(experiment, "model_name")
    target = Target(
        kind=TargetKind.MODEL,
        name=one_line(name),
        backend=_BACKENDS.get((setting(experiment, "backend") or "").lower(), Backend.OTHER),
        precision=_precision(experiment),
        model=Model(name=one_line(model), format="unstated") if model else None,
    )
    return Plan(target=target, workload=Workload(name=one_line(name)), options=options_of(experiment))


def _precision(experiment: Experiment) -> Precision:
    processes = [experiment.fields, *experiment.processes()]
    found = {_text(process.get("compute_metrics"), "compute_precision") for process in processes} - {""}
    return _PRECISIONS.get(found.pop().lower(), Precision.UNSPECIFIED) if len(found) == 1 else Precision.UNSPECIFIED


def _text(section: Any, name: str) -> str:
    value = section.get(name) if isinstance(section, dict) else None
    return value if isinstance(value, str) else ""


def _position(experiment: Experiment, source: Source) -> Position:
    name = setting(experiment, "experiment_id")
    cycle = experiment.fields.get("cycle_run_info")
    number = cycle.get("cycle_id") if isinstance(cycle, dict) else None
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        number = int(experiment.pointer.rpartition("/")[2]) if experiment.pointer else None
    return Position(
        experiment=one_line(name) if name else None,
        cycle=number,
        session=f"results-v2:{source.sha256[:16]}" if experiment.pointer else None,
    )


def _windows(numbers: Numbers, times: Times) -> tuple[EnergyWindow, ...]:
    """One window per device whose energy is stated, as far as the file tells when it was."""
    if not times.known:
        return ()
    own = numbers.devices[0].id if len(numbers.devices) == 1 else None
    stated = ((metric.value, metric.device or own) for metric in numbers.metrics if metric.name == "energy_j")
    windows = {device: _window(value, device, times) for value, device in stated if device is not None}
    return tuple(windows.values())


def _window(raw: Quantity, device: str, times: Times) -> EnergyWindow:
    return EnergyWindow(
        source="results-v2",
        device=device,
        start_ns=times.clock.start_ns,
        end_ns=times.clock.end_ns,
        method=EnergyMethod.MODEL,
        raw_j=raw,
        baseline_w=Missing(reason=NO_BASELINE),
        adjusted_j=Missing(reason=NO_BASELINE),
        uncertainty_j=Missing(reason=ABSENT),
    )
