"""The benches of one pytest process as one run of a store: each test a cell, each round a span."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assay.measure.clock import Anchor, clock_between, take_anchor
from assay.observe.environment import capture
from assay.record.base import Measured as MeasuredNumber
from assay.record.base import one_line
from assay.record.enums import Backend, DeviceKind, TargetKind
from assay.record.plan import Option, Outcome, Plan, Position, Target, Workload
from assay.record.rows import Device, Metric
from assay.store import open_store
from assay.testing.measured import Measured


def keep(found: Sequence[Measured], place: str, root: Path, started: Anchor, position: Position) -> str:
    """Seal the run and return its id."""
    environment = capture(root)
    plan = Plan(
        target=Target(kind=TargetKind.BENCHMARK, name=one_line(f"pytest {root.name}"), backend=Backend.OTHER),
        workload=Workload(name=one_line(f"benches of {root.name}")),
        repetitions=max(len(one.rounds) for one in found),
        options=tuple(
            Option(name=one_line(f"calls.{one.name}"), value=one.calls)
            for one in sorted(found, key=lambda one: one.name)
            if one.calls > 1
        ),
    )
    with open_store(place).draft(plan, environment, position=position) as draft:
        draft.add(devices=[Device(id="cpu:0", kind=DeviceKind.CPU, name=environment.cpu.model or "unknown processor")])
        for one in found:
            draft.spans.append(
                step=one_line(one.name),
                device="cpu:0",
                start_ns=[each.start_ns for each in one.rounds],
                wall_ns=[each.wall_ns for each in one.rounds],
                cpu_ns=[min(each.cpu_ns, each.wall_ns) for each in one.rounds],
            )
        wall_s = sum(each.wall_ns for one in found for each in one.rounds) / 1e9
        draft.add(metrics=[Metric(name="wall_s", value=MeasuredNumber(value=wall_s, by="pytest:perf_counter_ns"))])
        draft.finish(
            clock=clock_between(started, take_anchor()),
            outcome=Outcome(exit_code=0, note="wall_s is the sum of all measured rounds"),
        )
    return draft.seal().id
