"""Sides of a comparison: sealed runs of a small traced model, in randomised blocks, with noise of a known size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from assay.record.base import Measured
from assay.record.environment import Environment
from assay.record.plan import Outcome, Plan, Position
from assay.record.rows import Metric
from assay.record.run import Clock, Expectation
from assay.store import Store, StoredRun, open_store
from tests.makers import make_environment, make_plan

SECOND_NS = 1_000_000_000
START_UTC_NS = 1_732_017_600_000_000_000
STEPS = ("Attention", "FFN")


@dataclass(kw_only=True)
class Maker:
    """Writes the runs of both sides."""

    folder: Path
    blocks: int = 8
    layers: int = 4
    tokens: int = 8
    noise: float = 0.01
    factors: Mapping[tuple[int, str], float] = field(default_factory=dict)
    """What the candidate multiplies a cell by."""
    order: str = "blocks"
    """``blocks``, or ``sequential``: the baseline first, and no blocks."""
    plan: Plan = field(default_factory=make_plan)
    environment: Environment = field(default_factory=make_environment)
    session: str = "sitting"
    seed: int = 1

    def sides(self, **candidate: Any) -> tuple[list[StoredRun], list[StoredRun]]:
        """Both sides; ``candidate`` changes how the second is made: plan, environment, layers, expectations."""
        random = np.random.default_rng(self.seed)
        store = open_store(self.folder)
        made: dict[str, list[StoredRun]] = {"A": [], "B": []}
        for number, (block, side) in enumerate(self._order(random)):
            changes = candidate if side == "B" else {}
            made[side].append(self._run(store, random, number, block, side, changes))
        return made["A"], made["B"]

    def _order(self, random: np.random.Generator) -> list[tuple[int, str]]:
        if self.order == "sequential":
            return [(block, side) for side in "AB" for block in range(self.blocks)]
        return [(block, str(side)) for block in range(self.blocks) for side in random.permutation(["A", "B"])]

    def _run(
        self,
        store: Store,
        random: np.random.Generator,
        number: int,
        block: int,
        side: str,
        changes: Mapping[str, Any],
    ) -> StoredRun:
        in_blocks = self.order == "blocks"
        position = Position(session=self.session, block=block if in_blocks else None, side=side, invocation=block)
        plan, place = changes.get("plan", self.plan), changes.get("environment", self.environment)
        names: Sequence[str] = changes.get("names", [str(layer) for layer in range(self.layers)])
        common = random.normal(0.0, 3 * self.noise)
        wall_ns = 0
        with store.draft(plan, place, position=position) as draft:
            expectations: tuple[Expectation, ...] = changes.get("expectations", ())
            if expectations:
                draft.add(expectations=expectations)
            for layer, name in enumerate(names):
                for step in STEPS:
                    factor = self.factors.get((layer, step), 1.0) if side == "B" else 1.0
                    own = random.normal(0.0, self.noise)
                    tokens = random.normal(0.0, self.noise, self.tokens)
                    base = 1e6 * _typical(name) * (1.0 if step == "FFN" else 0.5) * factor
                    walls = (base * np.exp(common + own + tokens)).astype(np.int64)
                    draft.spans.append(
                        step=step,
                        phase="decode",
                        layer=layer,
                        token=list(range(self.tokens)),
                        start_ns=wall_ns + np.cumsum(walls) - walls,
                        wall_ns=walls,
                        cpu_ns=walls,
                        flops=1000,
                    )
                    wall_ns += int(walls.sum())
            draft.spans.append(step="run", start_ns=0, wall_ns=wall_ns)
            draft.add(metrics=[Metric(name="wall_s", value=Measured(value=wall_ns / 1e9, by="test"))])
            draft.finish(outcome=Outcome(exit_code=0), clock=_clock(number, changes.get("clock", "CLOCK_MONOTONIC")))
        return draft.seal()


def _typical(name: str) -> float:
    """Layers take differently long, each in its own way."""
    return 1.0 + 0.17 * (int(name) * 7 % 5)


def _clock(number: int, source: str) -> Clock:
    start_ns = number * SECOND_NS
    return Clock(
        source=source,
        start_ns=start_ns,
        end_ns=start_ns + SECOND_NS // 2,
        start_utc_ns=START_UTC_NS + start_ns,
        end_utc_ns=START_UTC_NS + start_ns + SECOND_NS // 2,
        anchor_error_ns=100,
    )


def with_cpu(place: Environment, **changes: Any) -> Environment:
    """The same place with another processor."""
    absent = tuple(one for one in place.absent if one.field not in {f"/cpu/{name}" for name in changes})
    return msgspec.structs.replace(place, cpu=msgspec.structs.replace(place.cpu, **changes), absent=absent)
