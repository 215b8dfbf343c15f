"""``assay vgpu bench``."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from assay.cli.command import command, gathered
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.native import require_native
from assay.cli.session import Session
from assay.cli.terminal.duration import seconds_in
from assay.cli.views.bench import bench_lines
from assay.record.documents import BenchRow, BenchRun, VgpuBench

if TYPE_CHECKING:
    from assay.measure.device import Result
    from assay.vgpu import Ceilings

SUITE_NAMES = ("gemm", "skinny", "pool", "memory", "launch", "arrays")
"""In the order in which they are shown."""
_BUSY = 0.1


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What is measured."""

    suites: tuple[str, ...]
    budget: str
    seed: int | None


_wishes = gathered(
    "wishes",
    Wishes,
    click.option(
        "--suite", "suites", multiple=True, type=click.Choice(SUITE_NAMES), help="This suite only; may be repeated."
    ),
    click.option("--budget", default="40s", show_default=True, metavar="TIME", help="About how long to measure."),
    click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="Repeat the order of an earlier bench."),
)


@command(
    examples=["assay vgpu bench", "assay vgpu bench --suite gemm --suite skinny --json", "assay vgpu bench -o b.csv"]
)
@_wishes
@output_options
def bench(session: Session, *, wishes: Wishes, output: Output) -> None:
    """Measure the software GPU against what this machine can do at most, and against NumPy.

    Every block of the measurement holds each case once, by the device and by NumPy, in random order, so that what
    slows the machine for a while hits both alike. Ceilings are those of `assay vgpu info`, or higher ones where they
    are reached now. Each suite is sealed as a run of the store, and NumPy's side as another. Let nothing else run.
    """
    require_native("vgpu bench")
    budget_s = seconds_in(wishes.budget, "--budget")
    document = _document(session, wishes, budget_s)
    answer = Answer(
        document=document, lines=lambda width: bench_lines(document, width), rows=document.rows, row_type=BenchRow
    )
    emit(session, answer, output)
    if document.others_share is not None and document.others_share > _BUSY:
        session.console.note(f"other programs used {document.others_share:.0%} of the processors meanwhile")
    session.console.note(f"next: assay runs show {document.runs[0].id}")


def _document(session: Session, wishes: Wishes, budget_s: float) -> VgpuBench:
    import numpy as np

    from assay.measure.clock import take_anchor
    from assay.measure.device import SUITES, measure, present_ceilings, seal
    from assay.vgpu.tuning.quiet import Others

    ceilings = present_ceilings()
    seed = secrets.randbelow(2**32) if wishes.seed is None else wishes.seed
    sitting = f"vgpu-bench-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    started, others = take_anchor(), Others()
    suites = {name: SUITES.load(name)() for name in SUITE_NAMES if name in (wishes.suites or SUITE_NAMES)}
    with session.progress("measuring") as progress:
        results = measure(
            suites,
            budget_s=budget_s,
            seed=seed,
            before_each=lambda block, elapsed_s: progress.update(block, None, f"blocks, {elapsed_s:.0f} s"),
        )
    share = others.share()
    sealed = seal(results, session.store, session=sitting, seed=seed, started=started)
    return VgpuBench(
        processor=ceilings.processor,
        workers=ceilings.workers,
        isa=ceilings.isa,
        numpy=np.__version__,
        session=sitting,
        seed=seed,
        blocks=max(len(result.ours) for result in results),
        others_share=share,
        rows=_rows(results, ceilings),
        runs=tuple(BenchRun(suite=run.suite, side=run.side, id=run.id) for run in sealed),
    )


def _rows(results: Sequence[Result], ceilings: Ceilings) -> tuple[BenchRow, ...]:
    return tuple(_row(result, ceilings) for result in results)


def _row(result: Result, ceilings: Ceilings) -> BenchRow:
    from assay.stats.median import median_interval

    case = result.case
    ours = median_interval([sample.call_s for sample in result.ours])
    pairs = zip(result.ours, result.numpy, strict=False)
    ratio = median_interval([b.call_s / a.call_s for a, b in pairs]) if result.numpy else None
    numpy = median_interval([sample.call_s for sample in result.numpy]) if result.numpy else None
    floor_s = case.floor_s(ceilings)
    return BenchRow(
        suite=result.suite,
        case=case.name,
        precision=case.precision,
        time_s=ours.median / case.things,
        low_s=None if ours.low is None else ours.low / case.things,
        high_s=None if ours.high is None else ours.high / case.things,
        operations_per_s=case.operations / ours.median if case.operations else None,
        bytes_per_s=case.moved_bytes / ours.median if case.moved_bytes else None,
        ceiling_share=None if floor_s is None else floor_s / ours.median,
        numpy_s=numpy.median / case.things if numpy else None,
        numpy_ratio=ratio.median if ratio else None,
        ratio_low=ratio.low if ratio else None,
        ratio_high=ratio.high if ratio else None,
    )
