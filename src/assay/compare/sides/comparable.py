"""Whether two sides can be compared at all: one table of the facts in which they must not differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from assay.record.documents.comparison import Obstacle
from assay.record.enums import Status
from assay.record.run import Run

_MEMORY_STEP_BYTES = 64 << 20
_SAME_MACHINE = "measure both sides on one machine in one state"
_SAME_SETUP = "measure both sides in the same way"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that both sides must have alike, unless the difference itself is the question."""

    name: str
    """As ``--across`` takes it."""
    of: Callable[[Run], Any]
    """Its value; None where it is not known."""
    remedy: str
    """What to do where it differs."""
    unknown_differs: bool = False
    """Whether not having it is a difference to having it."""


def _model(run: Run) -> Any:
    model = run.plan.target.model
    return None if model is None else (model.sha256 or (model.name, model.format), model.architecture, model.parameters)


def _inputs(run: Run) -> Any:
    work = run.plan.workload
    # a name that only repeats the target's is the default, and says nothing about the inputs
    name = None if work.name == run.plan.target.name else work.name
    asked = (work.requests, work.input_tokens, work.output_tokens, work.batch, work.arrival, work.rate_per_s, work.seed)
    return (work.sha256 or name, *asked)


def _processor(run: Run) -> Any:
    cpu = run.environment.cpu
    return cpu.model, cpu.architecture, cpu.logical_cpus, cpu.physical_cores, cpu.smt_active


def _affinity(run: Run) -> Any:
    affinity = run.environment.cpu.affinity
    return None if affinity is None else len(affinity)


def _memory(run: Run) -> Any:
    total = run.environment.memory.total_bytes
    return None if total is None else round(total / _MEMORY_STEP_BYTES)


def _gpus(run: Run) -> Any:
    gpus = run.environment.gpus
    return None if gpus is None else tuple((gpu.name, gpu.memory_bytes, gpu.power_limit_w) for gpu in gpus)


FACTS: tuple[Fact, ...] = (
    Fact(name="kind", of=lambda run: run.plan.target.kind.value, remedy="compare runs of one kind"),
    Fact(
        name="model",
        of=_model,
        remedy="compare runs of one model, or ask about the model itself with --across model",
        unknown_differs=True,
    ),
    Fact(name="inputs", of=_inputs, remedy="give both sides the same inputs", unknown_differs=True),
    Fact(name="processor", of=_processor, remedy=_SAME_MACHINE),
    Fact(name="affinity", of=_affinity, remedy=_SAME_MACHINE),
    Fact(name="memory", of=_memory, remedy=_SAME_MACHINE),
    Fact(name="gpus", of=_gpus, remedy=_SAME_MACHINE),
    Fact(
        name="governor",
        of=lambda run: run.environment.cpu.governor,
        remedy="set one frequency governor and measure both sides again",
    ),
    Fact(name="turbo", of=lambda run: run.environment.cpu.turbo_enabled, remedy=_SAME_MACHINE),
    Fact(name="quota", of=lambda run: run.environment.container.cpu_quota_cores, remedy=_SAME_MACHINE),
    Fact(name="kernel", of=lambda run: run.environment.kernel.release, remedy=_SAME_MACHINE),
    Fact(name="clock", of=lambda run: run.clock.source, remedy="time both sides by one clock", unknown_differs=True),
    Fact(
        name="clock_source",
        of=lambda run: run.environment.kernel.clock_source,
        remedy="boot both with one clock source",
    ),
    Fact(name="collectors", of=lambda run: run.plan.collectors or None, remedy=_SAME_SETUP),
)
"""Facts in which a difference would be taken for the change."""


def obstacles(before: Sequence[Run], after: Sequence[Run], across: frozenset[str]) -> tuple[Obstacle, ...]:
    """Every fact that keeps the two from being compared; empty where they can be."""
    facts = [fact for fact in FACTS if fact.name not in across]
    return tuple(obstacle for fact in facts if (obstacle := _obstacle(fact, before, after)))


def unfit(run: Run) -> str:
    """Why a run is no measurement of the work; empty for a complete one."""
    if run.status is Status.COMPLETE:
        return ""
    return f"run {run.id} is {run.status.value}: {run.status_reason}; what it measured is not the same work"


def _obstacle(fact: Fact, before: Sequence[Run], after: Sequence[Run]) -> Obstacle | None:
    first = _values(fact, before)
    second = _values(fact, after)
    known = [value for value in (*first, *second) if value is not None or fact.unknown_differs]
    if len(set(map(repr, known))) < 2:
        return None
    return Obstacle(fact=fact.name, before=_words(first), after=_words(second), remedy=fact.remedy)


def _values(fact: Fact, runs: Sequence[Run]) -> list[Any]:
    return list({repr(value): value for value in (fact.of(run) for run in runs)}.values())


def _words(values: Sequence[Any]) -> str:
    return " and ".join(_word(value) for value in values)[:200]


def _word(value: Any) -> str:
    if value is None:
        return "not known"
    if isinstance(value, tuple):
        return ", ".join(_word(part) for part in value if part is not None) or "none"
    text = str(getattr(value, "value", value))
    return text[:12] if len(text) == 64 else text
