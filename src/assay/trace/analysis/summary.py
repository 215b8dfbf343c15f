"""From a trace to its report: one pass over the events, then sentences."""

from __future__ import annotations

from pathlib import Path

from assay.record.ceilings import Ceilings
from assay.record.documents.trace import (
    Bottleneck,
    DepthSlope,
    KeysAndValues,
    Measuredness,
    StepTimes,
    TraceReport,
    Uncovered,
)
from assay.record.words.numbers import number_text
from assay.trace.analysis.cells import Cell, Cells
from assay.trace.analysis.coverage import Coverage
from assay.trace.analysis.frame import NameTable, frame_of
from assay.trace.analysis.roofs import Total, roof_of, times_of
from assay.trace.analysis.tokens import Tokens
from assay.trace.source import Trace


def summarise(trace: Trace, path: Path, ceilings: Ceilings | None, no_ceilings: str = "not asked for") -> TraceReport:
    """Everything a trace says."""
    names = NameTable()
    cells, coverage, tokens = Cells(names), Coverage(), Tokens(names)
    events = 0
    for batch in trace.events():
        if batch.num_rows:
            frame = frame_of(batch, names)
            cells.add(frame)
            coverage.add(frame)
            tokens.add(frame)
            events += len(frame)
    header, uncovered = trace.header, coverage.uncovered()
    total = Total(total_ns=uncovered.total_ns, roof=roof_of(header, ceilings, no_ceilings))
    steps = _lines(cells.folded(), total)
    return TraceReport(
        file=str(path),
        reader=trace.reader,
        session=header.session,
        build=header.build,
        backend=header.backend.value,
        model=header.model,
        precision=header.precision.value,
        threads=header.threads,
        tracks=coverage.threads(),
        events=events,
        dropped=trace.ending.dropped,
        complete=trace.ending.complete,
        measured=Measuredness.UNKNOWN,
        measured_reasons=(),
        bottleneck=bottleneck_of(steps, uncovered),
        uncovered=uncovered,
        steps=steps,
        layers=_lines([cell for cell in cells.cells() if cell.layer is not None], total),
        tokens=tokens.times(),
        kv=KeysAndValues(most_bytes=None, per_token_bytes=None, reason="not recorded"),
        depth=DepthSlope(
            ns_per_token=None, low=None, high=None, tokens=0, shortest=None, longest=None, reason="not recorded"
        ),
        outliers=(),
        roof=total.roof,
        remarks=tuple(trace.ending.remarks),
    )


def bottleneck_of(steps: tuple[StepTimes, ...], uncovered: Uncovered) -> Bottleneck | None:
    """The step with the largest share, or the time outside all steps where that is larger."""
    whole = [line for line in steps if line.op is None] or list(steps)
    if not uncovered.total_ns or not whole:
        return None
    top = max(whole, key=lambda line: line.share)
    if uncovered.share > top.share:
        words = f"{uncovered.share:.0%} of the time lies in no step ({number_text(uncovered.uncovered_ns / 1e9, 's')})"
        return Bottleneck(
            sentence=f"{words}: {_gain_words(uncovered.share)}",
            step=None,
            phase=None,
            share=uncovered.share,
            most_gain=_gain(uncovered.share),
        )
    where = f"{top.step}{'' if top.phase == 'none' else f' in {top.phase}'}"
    calls = f"{top.wall.count:,} calls of {number_text(top.wall.mean_ns / 1e9, 's')} on average"
    evidence = f"; {top.reason}" if top.bound.value != "unknown" else ""
    return Bottleneck(
        sentence=f"{where} takes {top.share:.0%} of the time ({calls}{evidence}): {_gain_words(top.share)}",
        step=top.step,
        phase=top.phase,
        share=top.share,
        most_gain=_gain(top.share),
    )


def _gain(share: float) -> float | None:
    return 1.0 / (1.0 - share) if share < 1.0 else None


def _gain_words(share: float) -> str:
    gain = _gain(share)
    if gain is None:
        return "without it nothing would be left."
    return f"no change to it can make the whole more than {gain:.3g} times as fast."


def _lines(cells: list[Cell], total: Total) -> tuple[StepTimes, ...]:
    lines = (times_of(cell, total) for cell in cells if not cell.is_request)
    return tuple(sorted(lines, key=lambda line: (-line.wall.total_ns, line.step, line.op or "", line.layer or 0)))
