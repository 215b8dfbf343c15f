"""A language model answers requests: every step recorded, told against the machine, and sealed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from assay.backends.asked import Asked, Described
from assay.backends.backend import Generator, Reply
from assay.backends.generation.amounts import PROVENANCE
from assay.measure.clock import clock_between, take_anchor
from assay.measure.inference.operators import DEVICE
from assay.measure.inference.roofs import this_machine
from assay.measure.inference.sealing import add_ceilings, add_processor, plan_of
from assay.observe.environment import capture
from assay.record.base import Derived, Measured, Missing, Quantity
from assay.record.documents.inference.infer import Inferred
from assay.record.documents.inference.trace import StepTimes, TraceReport
from assay.record.enums import Phase
from assay.record.plan import Outcome
from assay.record.rows import Counters, Metric, StepRow
from assay.record.trace.lines import REQUEST
from assay.store import Draft, Store
from assay.trace.analysis.summary import summarise
from assay.trace.format.writer import open_writer
from assay.trace.reading import open_trace
from assay.trace.recording.facts import Facts
from assay.trace.recording.recorder import record
from assay.trace.source import Trace

CLOCK = "trace"
TRACE_FILE = "raw/trace/trace.parquet"
_SPAN_COLUMNS = (
    "step", "phase", "layer", "token", "op", "device", "thread", "start_ns", "wall_ns", "off_cpu_ns", "flops",
    "read_bytes", "written_bytes",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Watching:
    """What is shown and kept besides the run."""

    progress: Callable[[int, int], None]
    """Told how many of all repeats are done."""
    seen: Callable[[pa.RecordBatch], None] | None = None
    """Shown the steps as they are written, ten times a second."""
    trace_output: Path | None = None
    """A file of the user's own that the trace is written to; readable up to the last half second after a kill."""


def infer_tokens(opened: Generator, asked: Asked, store: Store, watching: Watching) -> Inferred:
    """Ask the model again and again; the first answer is apart."""
    described, environment, start = opened.described, capture(), take_anchor()
    facts = _facts(described)
    machine = this_machine(described.threads or 1)
    with store.draft(plan_of(asked, described), environment) as draft:
        cold_s, text = _cold(opened, asked, facts)
        kept = draft.artifact(TRACE_FILE, collector="trace", media_type="application/vnd.apache.parquet")
        replies = _record(opened, asked, facts, watching.trace_output or kept, watching)
        trace = open_trace(watching.trace_output or kept)
        if watching.trace_output is not None:
            _copy(trace, kept)
        report = summarise(trace, watching.trace_output or kept, machine.ceilings, machine.missing)
        add_processor(draft, environment)
        add_ceilings(draft, machine)
        _add(draft, trace, report, replies)
        note = f"{asked.repeat} requests; wall_s is their sum"
        draft.finish(clock=clock_between(start, take_anchor()), outcome=Outcome(exit_code=0, note=note))
    sealed = draft.seal()
    return Inferred(
        run=sealed.id,
        model=described.name,
        format=described.format,
        backend=described.backend.value,
        build=described.build,
        precision=described.precision.value,
        threads=described.threads,
        batch=described.batch,
        repeats=len(replies),
        load_s=opened.load_ns / 1e9,
        cold_s=cold_s,
        total_s=report.uncovered.total_ns / 1e9,
        operators=(),
        known_share=None,
        folded=(),
        profiler=None,
        roof=report.roof,
        bottleneck=report.bottleneck.sentence if report.bottleneck else "no step took any time",
        trace=msgspec.structs.replace(report, file=str(watching.trace_output or TRACE_FILE)),
        text=text,
        remarks=tuple(opened.remarks),
    )


def _facts(described: Described) -> Facts:
    return Facts(
        model=described.name,
        backend=described.backend,
        precision=described.precision,
        threads=described.threads,
        weight_bytes=described.weight_bytes,
        build=described.build,
        provenance=PROVENANCE,
        cpu_time=described.cpu_time,
    )


def _cold(opened: Generator, asked: Asked, facts: Facts) -> tuple[float, str]:
    """The first request, which meets memory and code for the first time; its trace is thrown away."""
    with tempfile.TemporaryDirectory(prefix="assay-infer-") as folder:
        path = Path(folder) / "cold.trace"
        replies = _record(opened, replace(asked, repeat=1), facts, path, Watching(progress=lambda *_: None))
        report = summarise(open_trace(path), path, None)
    return report.uncovered.total_ns / 1e9, replies[0].text


def _record(opened: Generator, asked: Asked, facts: Facts, path: Path, watching: Watching) -> list[Reply]:
    replies = []
    with record(path, facts, watching.seen) as recorder:
        for repeat in range(asked.repeat):
            replies.append(opened.generate(asked, recorder, repeat))
            watching.progress(repeat + 1, asked.repeat)
    return replies


def _copy(trace: Trace, path: Path) -> None:
    writer = open_writer(path, trace.header)
    for batch in trace.events():
        writer.write(batch)
    writer.close()


def _add(draft: Draft, trace: Trace, report: TraceReport, replies: list[Reply]) -> None:
    for batch in trace.events():
        steps = batch.filter(pc.not_equal(batch.column("step").cast(pa.string()), REQUEST))
        if steps.num_rows:
            draft.spans.append(**{name: steps.column(name) for name in _SPAN_COLUMNS})
    lines = [line for line in (*_whole(report.steps), *report.layers) if line.op is None]
    draft.add(steps=[_row(line) for line in lines], metrics=_metrics(report, replies))


def _whole(steps: tuple[StepTimes, ...]) -> list[StepTimes]:
    """Steps outside of layers: those inside have a row for each layer."""
    return [line for line in steps if line.step not in ("Attention", "FFN")]


def _row(line: StepTimes) -> StepRow:
    return StepRow(
        step=line.step,
        layer=line.layer,
        phase=Phase(line.phase),
        device=DEVICE,
        wall=line.wall,
        counters=Counters(
            flops=_total(line.flops_per_s, line.wall.total_ns, "flops"),
            read_bytes=_NOT_APART,
            written_bytes=_NOT_APART,
            intensity_flop_per_byte=_intensity(line),
        ),
    )


_NOT_APART = Missing(reason="the spans of the run keep reads and writes of each call")


def _total(rate: Quantity, wall_ns: int, source: str) -> Quantity:
    return rate if isinstance(rate, Missing) else Derived(value=rate.value * wall_ns / 1e9, sources=(source,))


def _intensity(line: StepTimes) -> Quantity:
    flops, moved = line.flops_per_s, line.bytes_per_s
    if isinstance(flops, Missing) or isinstance(moved, Missing) or not moved.value:
        return Missing(reason="operations or bytes were not counted for every call")
    return Derived(value=flops.value / moved.value, sources=("flops_per_s", "bytes_per_s"))


def _metrics(report: TraceReport, replies: list[Reply]) -> list[Metric]:
    total_s = report.uncovered.total_ns / 1e9
    tokens = report.tokens
    prompt, made = sum(reply.prompt_tokens for reply in replies), sum(len(reply.tokens) for reply in replies)
    found: list[tuple[str, float | None]] = [
        ("wall_s", total_s),
        ("inference_s", total_s),
        ("input_tokens", prompt),
        ("output_tokens", made),
        ("ttft_ms", tokens.first.mean_ns / 1e6 if tokens.first else None),
        ("itl_median_ms", tokens.between.p50_ns / 1e6 if tokens.between and tokens.between.p50_ns else None),
        ("itl_p99_ms", tokens.between.p99_ns / 1e6 if tokens.between and tokens.between.p99_ns else None),
        ("kv_cache_bytes", report.kv.most_bytes),
    ]
    made_of = [Metric(name=name, value=Measured(value=value, by=CLOCK)) for name, value in found if value is not None]
    if tokens.per_output_ns is not None:
        per_output = Derived(value=tokens.per_output_ns / 1e6, sources=("first token", "last token"))
        made_of.append(Metric(name="tpot_ms", value=per_output))
    if total_s:
        rate = Derived(value=(prompt + made) / total_s, sources=("input_tokens", "output_tokens", "inference_s"))
        made_of.append(Metric(name="throughput_tokens_per_s", value=rate))
    return made_of
