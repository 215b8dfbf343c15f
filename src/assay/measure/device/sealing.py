"""Results as runs of the store: one for each suite and side, every sample a span, all numbers beside them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assay.measure.clock import Anchor, clock_between, take_anchor
from assay.measure.device.case import Result, Sample
from assay.observe.environment import capture
from assay.record.base import Measured
from assay.record.enums import Backend, DeviceKind, TargetKind
from assay.record.environment import Environment
from assay.record.plan import Option, Outcome, Plan, Position, Target, Workload
from assay.record.rows import Device, Metric
from assay.store import Store

_CLOCK = "bench:perf_counter_ns"
_FILE = "raw/bench/samples.json"
_SIDES = {"ours": ("B", Backend.VGPU), "numpy": ("A", Backend.OTHER)}


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """One run that was sealed."""

    suite: str
    side: str
    """``ours`` or ``numpy``."""
    id: str


def seal(results: Sequence[Result], store: Store, *, session: str, seed: int, started: Anchor) -> list[Sealed]:
    """Seal what was measured between ``started`` and now, the device's side of each suite first."""
    environment, ended = capture(), take_anchor()
    sealed = []
    for suite, group in groupby(results, lambda result: result.suite):
        of_suite = list(group)
        for side in _SIDES:
            samples = {result.case.name: getattr(result, side) for result in of_suite if getattr(result, side)}
            if samples:
                run = _Run(suite=suite, side=side, session=session, seed=seed, samples=samples)
                sealed.append(Sealed(suite=suite, side=side, id=_seal(run, store, environment, (started, ended))))
    return sealed


@dataclass(frozen=True, kw_only=True)
class _Run:
    suite: str
    side: str
    session: str
    seed: int
    samples: dict[str, tuple[Sample, ...]]

    @property
    def plan(self) -> Plan:
        name = f"vgpu {self.suite}" if self.side == "ours" else f"NumPy {self.suite}"
        return Plan(
            target=Target(kind=TargetKind.BENCHMARK, name=name, backend=_SIDES[self.side][1]),
            workload=Workload(name=f"vgpu bench: {self.suite}", seed=self.seed),
            repetitions=max(len(samples) for samples in self.samples.values()),
            options=(Option(name="bench.cases", value=len(self.samples), source="default"),),
        )

    @property
    def document(self) -> dict[str, list[dict[str, float]]]:
        """Every sample of every case."""
        return {
            name: [{"start_ns": each.start_ns, "wall_ns": each.wall_ns, "call_s": each.call_s} for each in samples]
            for name, samples in self.samples.items()
        }


def _seal(run: _Run, store: Store, environment: Environment, anchors: tuple[Anchor, Anchor]) -> str:
    letter = _SIDES[run.side][0]
    with store.draft(run.plan, environment, position=Position(session=run.session, side=letter)) as draft:
        path = draft.artifact(_FILE, collector="bench", media_type="application/json")
        path.write_text(json.dumps(run.document), encoding="utf-8")
        draft.add(devices=[Device(id="cpu:0", kind=DeviceKind.CPU, name=environment.cpu.model or "unknown processor")])
        wall_ns = 0
        for name, samples in run.samples.items():
            walls = [sample.wall_ns for sample in samples]
            draft.spans.append(step=name, start_ns=[sample.start_ns for sample in samples], wall_ns=walls)
            wall_ns += sum(walls)
        draft.add(metrics=[Metric(name="wall_s", value=Measured(value=wall_ns / 1e9, by=_CLOCK))])
        draft.finish(
            clock=clock_between(*anchors), outcome=Outcome(exit_code=0, note="wall_s is the sum of the samples")
        )
    return draft.seal().id
