"""An inference as a run of the store."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from assay.backends.asked import Asked, Described
from assay.backends.operators.measured import CountedRun, Profiled
from assay.measure.inference.operators import DEVICE, Names, op_rows
from assay.measure.inference.roofs import Machine
from assay.record.base import Derived, Measured, one_line
from assay.record.ceilings import CEILINGS_FILE
from assay.record.documents.inference.infer import OperatorLine
from assay.record.enums import DeviceKind, Phase, TargetKind
from assay.record.environment import Environment
from assay.record.plan import Model, Option, Plan, Target, Workload
from assay.record.rows import Device, Metric
from assay.store import Draft

CLOCK = "profiler of ONNX Runtime"


def plan_of(asked: Asked, described: Described) -> Plan:
    """What is measured, and how."""
    options: dict[str, str | float] = {
        "infer.batch": asked.batch,
        "infer.seed": asked.seed,
        **{f"infer.{k}": v for k, v in asked.options.items()},
    }
    if described.threads is not None:
        options["infer.threads"] = described.threads
    if asked.prompt_tokens is not None:
        options["infer.prompt_tokens"] = asked.prompt_tokens
    generates = described.format != "onnx"
    return Plan(
        target=Target(
            kind=TargetKind.MODEL,
            name=one_line(described.name),
            backend=described.backend,
            precision=described.precision,
            model=Model(
                name=one_line(described.name),
                format=described.format,
                architecture=described.architecture,
                sha256=described.sha256,
                parameters=described.parameters,
            ),
        ),
        workload=Workload(
            name=one_line(f"{described.name}: {'generated tokens' if generates else 'whole runs'}"),
            requests=asked.repeat,
            input_tokens=asked.prompt_tokens if generates else None,
            output_tokens=asked.tokens if generates else None,
            batch=asked.batch,
            seed=asked.seed,
        ),
        repetitions=asked.repeat,
        warmup=1,
        options=tuple(Option(name=one_line(name), value=options[name], source="flag") for name in sorted(options)),
    )


def add_processor(draft: Draft, environment: Environment) -> None:
    """The one device."""
    name = environment.cpu.model or "unknown processor"
    draft.add(devices=[Device(id=DEVICE, kind=DeviceKind.CPU, name=name)])


def add_ceilings(draft: Draft, machine: Machine) -> None:
    """What the machine can do at most, as it was known when the model ran."""
    if machine.ceilings is not None:
        path = draft.artifact(CEILINGS_FILE, collector="machine", media_type="application/json")
        path.write_bytes(msgspec.json.encode(machine.ceilings))


def add_operators(draft: Draft, profiled: Profiled, lines: Sequence[OperatorLine]) -> None:
    """Rows, every call as a span, and the time of all measured runs."""
    names = Names(profiled)
    _add_spans(draft, [profiled.cold], Phase.STARTUP, names)
    _add_spans(draft, profiled.runs, Phase.NONE, names)
    total_s = sum(run.wall_ns for run in profiled.runs) / 1e9
    flops = sum(line.flops or 0 for line in lines)
    draft.add(
        ops=op_rows(lines),
        metrics=[
            Metric(name="wall_s", value=Measured(value=total_s, by=CLOCK)),
            Metric(name="inference_s", value=Measured(value=total_s, by=CLOCK)),
            Metric(name="flops_total", value=Derived(value=float(flops), sources=("graph", "executed shapes"))),
        ],
    )


def _add_spans(draft: Draft, runs: Sequence[CountedRun], phase: Phase, names: Names) -> None:
    for run in runs:
        calls = run.calls
        if not calls:
            continue
        draft.spans.append(
            step=[names.name(call.placed) for call in calls],
            phase=phase.value,
            op=[one_line(call.placed.node.op) for call in calls],
            device=DEVICE,
            depth=[call.placed.depth for call in calls],
            start_ns=[call.start_ns for call in calls],
            wall_ns=[call.placed.call.wall_ns for call in calls],
            flops=[None if call.work is None else call.work.flops for call in calls],
            read_bytes=[None if call.work is None else call.work.read_bytes for call in calls],
            written_bytes=[None if call.work is None else call.work.written_bytes for call in calls],
        )
