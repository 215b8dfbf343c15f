"""A model is opened, run again and again, sealed, and told about."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from assay.backends.asked import Asked
from assay.backends.backend import Generator, Operators
from assay.backends.choosing import open_model
from assay.measure.clock import clock_between, take_anchor
from assay.measure.inference.generation import Watching, infer_tokens
from assay.measure.inference.operators import known_share, operator_lines, profiler_cost
from assay.measure.inference.roofs import Machine, this_machine
from assay.measure.inference.sealing import add_ceilings, add_operators, add_processor, plan_of
from assay.observe.environment import capture
from assay.record.documents.inference.infer import RUNTIME_GAP, Inferred, OperatorLine
from assay.record.documents.inference.trace import Roof
from assay.record.plan import Outcome
from assay.record.words.numbers import number_text
from assay.store import Store

Progress = Callable[[int, int], None]


def infer(backend: str | None, asked: Asked, store: Store, watching: Watching) -> Inferred:
    """Run the model as asked and seal what was measured."""
    with closing(open_model(backend, asked)) as opened:
        if isinstance(opened, Generator):
            return infer_tokens(opened, asked, store, watching)
        return _operators(opened, asked, store, watching.progress)


def _operators(opened: Operators, asked: Asked, store: Store, progress: Progress) -> Inferred:
    described, environment, start = opened.described, capture(), take_anchor()
    machine = this_machine(described.threads or 1)
    with store.draft(plan_of(asked, described), environment) as draft:
        profiled = opened.profile(asked, progress)
        lines = operator_lines(profiled, machine)
        add_processor(draft, environment)
        add_ceilings(draft, machine)
        add_operators(draft, profiled, lines)
        note = f"{asked.repeat} runs with the profiler; wall_s is their sum"
        draft.finish(clock=clock_between(start, take_anchor()), outcome=Outcome(exit_code=0, note=note))
    sealed = draft.seal()
    cold_ns = profiled.cold.wall_ns
    return Inferred(
        run=sealed.id,
        model=described.name,
        format=described.format,
        backend=described.backend.value,
        build=described.build,
        precision=described.precision.value,
        threads=described.threads,
        batch=described.batch,
        repeats=len(profiled.runs),
        load_s=profiled.load_ns / 1e9,
        cold_s=cold_ns / 1e9,
        total_s=sum(run.wall_ns for run in profiled.runs) / 1e9,
        operators=lines,
        known_share=known_share(lines),
        folded=profiled.folded,
        profiler=profiler_cost(profiled),
        roof=roof(machine, described.precision.value),
        bottleneck=bottleneck(lines),
        remarks=tuple(profiled.remarks),
    )


def roof(machine: Machine, precision: str) -> Roof:
    """The ceilings in the model's precision."""
    return Roof(
        peak_flops_per_s=machine.peak(precision),
        peak_bytes_per_s=machine.bandwidth(float("inf"))[1],
        launch_ns=machine.ceilings.launch_ns if machine.ceilings else None,
        reason=machine.missing,
    )


def bottleneck(lines: tuple[OperatorLine, ...]) -> str:
    """The line with the largest share, in a sentence."""
    top = lines[0]
    gain = ""
    if top.share < 1:
        gain = f": no change to it can make the whole more than {1 / (1 - top.share):.3g} times as fast"
    if top.kind == RUNTIME_GAP:
        return f"{top.share:.0%} of the time lies in no operator ({top.reason}){gain}"
    longest = f", {number_text(top.wall.max_ns / 1e9, 's')} of it in one call" if _is_one_call(top) else ""
    return f"{top.name} ({top.kind}) takes {top.share:.0%} of the time{longest}; {top.reason}{gain}"


def _is_one_call(line: OperatorLine) -> bool:
    """Whether one of several calls took most of the time: something disturbed it, or it met something new."""
    return line.wall.count > 1 and line.wall.max_ns > line.wall.total_ns / 2
