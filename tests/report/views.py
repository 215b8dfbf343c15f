"""Views of made runs: a single run, and two interleaved sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from assay.record.base import Measured
from assay.record.ids import new_ulid
from assay.record.plan import Position
from assay.record.rows import Metric
from assay.record.run import Run
from assay.report import Curve, Framing, View, view_of
from tests.makers import make_plan, make_run

HOSTILE = "<script>alert(1)</script>\" onload='x' & `tick` |pipe| [a](http://e.x) *b* \x1b[31m\u202e =1+1"
PRINTABLE = HOSTILE.replace("\x1b", "").replace("\u202e", "")
BEFORE = (2.0, 2.1, 1.9, 2.2, 2.05, 1.95, 2.15, 2.0)


def side_run(side: str, block: int | None, wall_s: float, **changes: Any) -> Run:
    """A run of one side with this wall time, of which it computed four fifths."""
    metrics = (
        Metric(name="wall_s", value=Measured(value=wall_s, by="launcher:CLOCK_MONOTONIC")),
        Metric(name="cpu_s", value=Measured(value=wall_s * 0.8, by="rusage")),
        Metric(name="cpu_user_s", value=Measured(value=wall_s * 0.7, by="rusage")),
        Metric(name="cpu_system_s", value=Measured(value=wall_s * 0.1, by="rusage")),
        Metric(name="peak_rss_bytes", value=Measured(value=30.0 * 2**20, by="rusage")),
    )
    position = Position(session="sitting", block=block, side=side)
    return make_run(**{"id": new_ulid(), "position": position, "metrics": metrics, "quality": (), **changes})


def two_sides(before: Sequence[float] = BEFORE, factor: float = 0.5) -> list[Run]:
    """Interleaved runs of A, and of B that takes ``factor`` of A's time."""
    pairs = [(side_run("A", i, wall_s), side_run("B", i, wall_s * factor)) for i, wall_s in enumerate(before)]
    return [run for pair in pairs for run in pair]


def compared_view(**framing: Any) -> View:
    """The report on two sides, with curves."""
    runs = two_sides()
    curves = {
        run.id: Curve(run=run.id, name="rss_bytes", unit="B", time_s=(0.0, 0.5, 1.0), values=(1e6, 3e7, 2e7))
        for run in runs
    }
    return view_of(runs, curves, Framing(**framing))


def hostile_view() -> View:
    """A report in which everything that a stranger can name is hostile."""
    plan = make_plan()
    target = msgspec.structs.replace(plan.target, name=HOSTILE, argv=("run", HOSTILE))
    hostile_plan = msgspec.structs.replace(plan, target=target)
    runs = [msgspec.structs.replace(run, plan=hostile_plan) for run in two_sides()]
    return view_of(runs, {}, Framing(title=HOSTILE, labels={"A": PRINTABLE, "B": "=cmd"}, next_steps=(HOSTILE,)))
