"""Views of made runs: a single run, and two interleaved sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from assay.record.base import Measured
from assay.record.diagnosis.findings import (
    Clock,
    ClockShare,
    Finding,
    FindingEvidence,
    Findings,
    Gain,
    HotLine,
    Location,
    NotEvaluated,
    Scope,
)
from assay.record.ids import new_ulid
from assay.record.plan import Position
from assay.record.rows import Metric
from assay.record.run import Run
from assay.report import Curve, Framing, View, view_of
from tests.makers import HASH, RUN_ID, make_clock, make_plan, make_run

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
    clock = make_clock()
    start_ns = clock.start_utc_ns + 10**10 * (2 * (block or 0) + (side == "B"))
    clock = msgspec.structs.replace(clock, start_utc_ns=start_ns, end_utc_ns=start_ns + 10**9)
    made = {"id": new_ulid(), "position": position, "metrics": metrics, "quality": (), "clock": clock}
    return make_run(**{**made, **changes})


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
    framing = Framing(title=HOSTILE, labels={"A": PRINTABLE, "B": "=cmd"}, next_steps=(HOSTILE,))
    return view_of(runs, {}, framing, make_findings(HOSTILE))


def diagnosed_view() -> View:
    """A report on one run whose cause was found."""
    return view_of([make_run(position=Position())], {}, None, make_findings("/home/me/job.py"))


def make_findings(file: str, **changes: Any) -> Findings:
    """A diagnosis in which every part is filled; ``file`` stands wherever a stranger's name does."""
    fields: dict[str, Any] = {
        "run": RUN_ID,
        "record_sha256": HASH,
        "rules_sha256": HASH,
        "insufficient": None,
        "wall_s": 2.0,
        "samples": 200,
        "clocks": (
            ClockShare(clock=Clock.CPU, seconds=1.5, share=0.75),
            ClockShare(clock=Clock.SLEEP, seconds=0.5, share=0.25),
        ),
        "findings": (make_finding(file, gain=Gain(share=0.5, low=0.4, high=0.6)),),
        "notes": (make_finding(file, pattern="a_note", title="work is done"),),
        "trust": (make_finding(file, pattern="a_doubt", title="the machine was busy"),),
        "not_evaluated": (NotEvaluated(pattern="blind", missing=("native",), reason=f"perf is missing: {file}"),),
        "lines": (
            HotLine(file=file, line=12, function=file, samples=150, seconds={Clock.CPU: 1.4, Clock.SLEEP: 0.1}),
            HotLine(file=file, line=30, function=file, samples=20, seconds={Clock.SLEEP: 0.4}),
        ),
    }
    return Findings(**{**fields, **changes})


def make_finding(file: str, **changes: Any) -> Finding:
    """A finding with every part filled."""
    evidence = (
        FindingEvidence(condition="share(cpu) > 0.3", value=0.5, threshold=0.3, unit="1", source="stacks", held=True),
        FindingEvidence(condition="looped()", value=None, source="sources", held=None),
    )
    fields: dict[str, Any] = {
        "id": "a1b2c3d4e5f60718",
        "pattern": "list_as_set",
        "title": "It searches a list",
        "family": "cpu",
        "location": Location(scope=Scope.LINE, file=file, line=12, function=file),
        "confidence": 0.9,
        "confidence_formula": "0.4 + share(cpu) = 0.9",
        "evidence": evidence,
        "observation": f"Half of the time was spent in {file}.",
        "interpretation": "Each search looks at every element.",
        "uncertainty": "The list may be short.",
        "suggestions": ("Use a set.", f"Or {file}."),
        "verification": ("Halve the list.",),
        "references": ("the manual",),
        "stack": (f"main ({file}:1)", f"search ({file}:12)"),
    }
    return Finding(**{**fields, **changes})
