"""One small maker of test data: a complete, valid run in which every section is filled."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from assay.record.base import Derived, Estimated, Measured, Missing
from assay.record.enums import (
    Backend,
    DeviceKind,
    EnergyMethod,
    Percentiles,
    Phase,
    Precision,
    SeriesKind,
    Severity,
    Status,
    TargetKind,
)
from assay.record.environment import Cpu, Environment, Git, Kernel, Load, Memory, Variable
from assay.record.fingerprint import fingerprint
from assay.record.plan import Model, Option, Outcome, Plan, Position, Software, Target, Workload
from assay.record.rows import (
    Counters,
    Device,
    Distribution,
    EnergyWindow,
    Evidence,
    Metric,
    OpRow,
    QualityFlag,
    StepRow,
)
from assay.record.run import Artifact, Clock, Expectation, Run, Series

HASH = "5a" * 32
RUN_ID = "01JCZX5T00ABCDEFGHJKMNPQRS"

T = TypeVar("T", bound=msgspec.Struct)


def make_run(**changes: Any) -> Run:
    """A complete, valid run; ``changes`` replace top-level fields, and the fingerprints follow them."""
    fields: dict[str, Any] = {
        "id": RUN_ID,
        "created": datetime(2024, 11, 19, 12, 0, 0, 123456, tzinfo=UTC),
        "status": Status.COMPLETE,
        "plan": make_plan(),
        "position": Position(campaign="nightly", experiment="e1", cycle=0, block=2, side="A", invocation=1),
        "outcome": Outcome(exit_code=0, stdout_bytes=12, stdout_sha256=HASH, stderr_bytes=0, note="ok"),
        "clock": make_clock(),
        "software": make_software(),
        "environment": make_environment(),
        "devices": make_devices(),
        "ops": make_ops(),
        "steps": make_steps(),
        "metrics": make_metrics(),
        "energy": (make_energy_window(),),
        "quality": (make_flag(),),
        "series": (make_series(),),
        "artifacts": (make_artifact(),),
        "expectations": (Expectation(stated_utc_ns=1_732_017_000_000_000_000, claim="A is 10 % faster", sha256=HASH),),
        **changes,
    }
    parts = (fields[name] for name in ("plan", "software", "environment", "steps"))
    return Run(**{"fingerprints": fingerprint(*parts), **fields})


def make_plan(**changes: Any) -> Plan:
    """A plan with every part filled."""
    target = Target(
        kind=TargetKind.MODEL,
        name="tiny",
        backend=Backend.VGPU,
        precision=Precision.FP32,
        argv=("python3", "-m", "bench", "--password", "****"),
        cwd="~/bench",
        executable_sha256=HASH,
        variables=(Variable(name="OMP_NUM_THREADS", value="2"),),
        model=Model(name="tiny", format="safetensors", architecture="llama", sha256=HASH, parameters=1_000_000),
    )
    fields: dict[str, Any] = {
        "target": target,
        "workload": Workload(
            name="short", sha256=HASH, requests=4, input_tokens=32, output_tokens=8, batch=1, rate_per_s=0.5, seed=7
        ),
        "collectors": ("rusage", "spans"),
        "repetitions": 3,
        "warmup": 1,
        "timeout_s": 60.0,
        "options": (
            Option(name="decode.greedy", value=True, source="flag"),
            Option(name="decode.temperature", value=0.7, source="default"),
            Option(name="engine.kernel", value="avx2", source="engine"),
            Option(name="engine.unset", value=None),
        ),
    }
    return Plan(**(fields | changes))


def make_software(**changes: Any) -> Software:
    """The measuring software."""
    return Software(**({"assay": "0.1.0", "core": "native", "isa": "avx2", "compiler": "GCC 12.2.0"} | changes))


def make_clock(**changes: Any) -> Clock:
    """A run of two seconds."""
    fields: dict[str, Any] = {
        "source": "CLOCK_MONOTONIC",
        "start_ns": 1_000_000_000,
        "end_ns": 3_000_000_000,
        "start_utc_ns": 1_732_017_600_123_456_000,
        "end_utc_ns": 1_732_017_602_123_456_000,
        "anchor_error_ns": 250,
    }
    return Clock(**(fields | changes))


def make_distribution(**changes: Any) -> Distribution:
    """Durations of 100 calls."""
    fields: dict[str, Any] = {
        "count": 100,
        "total_ns": 150_000,
        "mean_ns": 1500.0,
        "min_ns": 1000,
        "max_ns": 2500,
        "percentiles": Percentiles.EXACT,
        "p50_ns": 1450.5,
        "p90_ns": 2000.0,
        "p95_ns": 2200.0,
        "p99_ns": 2400.0,
    }
    return Distribution(**(fields | changes))


def make_counters() -> Counters:
    """Counters with every kind of origin."""
    return Counters(
        flops=Measured(value=2e9, by="vgpu"),
        read_bytes=Measured(value=4e6, by="vgpu", low=3.9e6, high=4.1e6),
        written_bytes=Estimated(value=1e6, model="shapes"),
        intensity_flop_per_byte=Derived(value=400.0, sources=("flops", "read_bytes", "written_bytes")),
        occupancy_ratio=Missing(reason="the device has no such counter"),
    )


def make_ops() -> tuple[OpRow, ...]:
    """One kernel in a layer, one outside of layers."""
    wall = make_distribution()
    return (
        OpRow(
            name="/layers/0/MatMul", kind="MatMul", device="cpu:0", phase=Phase.DECODE, layer=0, wall=wall, self_ns=9
        ),
        OpRow(name="Softmax", kind="Softmax", device="cpu:0", wall=wall, counters=make_counters()),
    )


def make_steps() -> tuple[StepRow, ...]:
    """Two layers and a step outside of layers, one of them too rare for percentiles."""
    wall, cpu = make_distribution(), make_distribution(total_ns=140_000, mean_ns=1400.0)
    rare = Distribution(
        count=1,
        total_ns=700,
        mean_ns=700.0,
        min_ns=700,
        max_ns=700,
        percentiles=Percentiles.NONE,
        reason="one call is too few",
    )
    return (
        StepRow(step="Attention", layer=0, phase=Phase.DECODE, device="cpu:0", wall=wall, cpu=cpu),
        StepRow(step="FFN", layer=0, phase=Phase.DECODE, device="cpu:0", wall=wall, counters=make_counters()),
        StepRow(step="Tokenize", phase=Phase.PREFILL, device="cpu:0", wall=rare),
    )


def make_devices() -> tuple[Device, ...]:
    """A processor and a GPU."""
    return (
        Device(id="cpu:0", kind=DeviceKind.CPU, name="Xeon", busy_s=Measured(value=1.5, by="rusage")),
        Device(id="gpu:0", kind=DeviceKind.GPU, name="A100", uuid="GPU-1", energy_j=Measured(value=60.0, by="nvml")),
    )


def make_metrics() -> tuple[Metric, ...]:
    """One metric per origin."""
    return (
        Metric(name="wall_s", value=Measured(value=2.0, by="CLOCK_MONOTONIC")),
        Metric(name="cpu_s", value=Measured(value=1.5, by="rusage", low=1.49, high=1.51)),
        Metric(name="cpu_utilisation_cores", value=Derived(value=0.75, sources=("cpu_s", "wall_s"))),
        Metric(name="energy_j", value=Estimated(value=40.0, model="tdp-times-utilisation")),
        Metric(name="ttft_ms", value=Missing(reason="the target does not stream"), phase=Phase.PREFILL),
        Metric(name="gpu_energy_j", value=Measured(value=60.0, by="nvml"), device="gpu:0"),
    )


def make_energy_window(**changes: Any) -> EnergyWindow:
    """A counter difference with its baseline."""
    fields: dict[str, Any] = {
        "source": "nvml:total_energy",
        "device": "gpu:0",
        "phase": Phase.DECODE,
        "start_ns": 1_000_000_000,
        "end_ns": 3_000_000_000,
        "method": EnergyMethod.COUNTER,
        "raw_j": Measured(value=60.0, by="nvml"),
        "baseline_w": Measured(value=10.0, by="nvml"),
        "adjusted_j": Derived(value=40.0, sources=("raw_j", "baseline_w")),
        "uncertainty_j": Missing(reason="the counter states none"),
    }
    return EnergyWindow(**(fields | changes))


def make_flag() -> QualityFlag:
    """A warning with its evidence."""
    evidence = (Evidence(name="load_1m", value=3.5, unit="tasks"),)
    return QualityFlag(id="noisy_machine", severity=Severity.WARNING, message="Others worked too.", evidence=evidence)


def make_series(**changes: Any) -> Series:
    """A span file that stands nowhere on disk."""
    fields: dict[str, Any] = {
        "file": "spans/00000.parquet",
        "kind": SeriesKind.SPANS,
        "schema_version": "1.0.0",
        "rows": 3,
        "size_bytes": 1234,
        "sha256": HASH,
    }
    return Series(**(fields | changes))


def make_artifact(**changes: Any) -> Artifact:
    """A raw file that stands nowhere on disk."""
    fields: dict[str, Any] = {
        "file": "raw/rusage/usage.json",
        "collector": "rusage",
        "media_type": "application/json",
        "size_bytes": 2,
        "sha256": HASH,
    }
    return Artifact(**(fields | changes))


def make_environment(**changes: Any) -> Environment:
    """A machine of which everything is known; ``changes`` replace sections."""
    sections: dict[str, Any] = {
        "hostname_sha256": HASH,
        "cpu": make_cpu(),
        "memory": make_memory(),
        "kernel": filled(Kernel, release="6.1.0-18-amd64", clock_resolution_ns=1),
        "load": make_load(),
        "variables": (Variable(name="OMP_PROC_BIND", value="close"),),
        "git": Git(commit="0123abcd", branch="main", dirty=False),
        "absent": (),
    }
    return filled(Environment, **(sections | changes))


def make_cpu(**changes: Any) -> Cpu:
    """Two cores, four threads."""
    fields: dict[str, Any] = {
        "model": "Intel(R) Xeon(R) Platinum 8480C",
        "architecture": "x86_64",
        "features": ("avx2", "avx512f"),
        "sockets": 1,
        "physical_cores": 2,
        "logical_cpus": 4,
        "affinity": (0, 1, 2, 3),
        "governor": "performance",
    }
    return filled(Cpu, **(fields | changes))


def make_memory(**changes: Any) -> Memory:
    """24 GiB."""
    return filled(Memory, **({"total_bytes": 24 << 30, "available_bytes": 20 << 30} | changes))


def make_load(**changes: Any) -> Load:
    """A quiet machine."""
    return filled(Load, **({"load_1m": 0.1, "cpu_pressure": 0.0} | changes))


def filled(kind: type[T], **changes: Any) -> T:
    """A record in which every field that ``changes`` does not name holds a plausible value of its type."""
    info = msgspec.inspect.type_info(kind)
    assert isinstance(info, msgspec.inspect.StructType)
    fields = {field.name: _plausible(field.type, field.name) for field in info.fields if field.name not in changes}
    return kind(**fields, **changes)


def _plausible(info: msgspec.inspect.Type, name: str) -> Any:
    if isinstance(info, msgspec.inspect.UnionType):
        return _plausible(next(t for t in info.types if not isinstance(t, msgspec.inspect.NoneType)), name)
    if isinstance(info, msgspec.inspect.VarTupleType):
        return (_plausible(info.item_type, name),)
    if isinstance(info, msgspec.inspect.StructType):
        return filled(info.cls)
    plain = {msgspec.inspect.IntType: 2, msgspec.inspect.FloatType: 0.5, msgspec.inspect.BoolType: True}
    return plain.get(type(info), name)


def document(run: Run | None = None) -> dict[str, Any]:
    """The run as plain JSON values, for tests that bend it."""
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(run or make_run()))
    return data
