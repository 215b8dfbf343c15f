"""Every side of every pair becomes a run of the store: each block a span, all values in a file beside it."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assay.observe.environment import capture
from assay.record.base import Measured as MeasuredNumber
from assay.record.enums import Backend, DeviceKind, TargetKind
from assay.record.environment import Environment
from assay.record.plan import Outcome, Plan, Position, Target, Workload
from assay.record.rows import Device, Metric
from assay.store import Store
from bench.harness import Call, Figure, Measured

CLOCK = "bench:perf_counter_ns"
RESULT_FILE = "raw/bench/result.json"


@dataclass(frozen=True)
class Keeper:
    """Puts the results of one suite into a store."""

    store: Store
    suite: str
    environment: Environment

    def pair(self, result: Measured) -> list[str]:
        """Ids of the peer's run, side A, and of ours, side B."""
        name = result.pair.name
        sides = (("A", result.pair.peer.name, result.peer), ("B", result.pair.ours.name, result.ours))
        return [self._keep(name, letter, calls, _pair_document(result, side)) for letter, side, calls in sides]

    def figures(self, figures: Sequence[Figure]) -> str:
        """Id of the run that holds the figures."""
        return self._keep("figures", None, [], {"figures": [asdict(figure) for figure in figures]})

    def _keep(self, name: str, side: str | None, calls: Sequence[Call], document: dict[str, Any]) -> str:
        plan = Plan(
            target=Target(kind=TargetKind.BENCHMARK, name=f"{self.suite}: {name}"[:512], backend=Backend.NULL),
            workload=Workload(name=name),
            repetitions=max(len(calls), 1),
        )
        position = Position(campaign=f"bench-{self.suite}", side=side)
        with self.store.draft(plan, self.environment, position=position) as draft:
            path = draft.artifact(RESULT_FILE, collector="bench", media_type="application/json")
            path.write_text(json.dumps(document, indent=1), encoding="utf-8")
            draft.add(devices=[Device(id="cpu:0", kind=DeviceKind.CPU, name=self.environment.cpu.model or "unknown")])
            if calls:
                wall_ns = [call.wall_ns for call in calls]
                draft.spans.append(step="block", start_ns=[call.start_ns for call in calls], wall_ns=wall_ns)
                median_s = statistics.median(wall_ns) / 1e9
                draft.add(metrics=[Metric(name="wall_s", value=MeasuredNumber(value=median_s, by=CLOCK))])
            draft.finish(outcome=Outcome(exit_code=0, note="median over blocks" if calls else ""))
        return draft.seal().id


def keep(store: Store, suite: str, results: Sequence[Measured], figures: Sequence[Figure]) -> list[str]:
    """Ids of the runs: two per pair, and one for all figures."""
    keeper = Keeper(store, suite, capture())
    ids = [id_ for result in results for id_ in keeper.pair(result)]
    return [*ids, keeper.figures(figures)] if figures else ids


def _pair_document(result: Measured, side: str) -> dict[str, Any]:
    return {
        "pair": result.pair.name,
        "side": side,
        "unit": result.pair.unit,
        "ours": [call.value for call in result.ours],
        "peer": [call.value for call in result.peer],
        "ratio": asdict(result.ratio()),
    }
