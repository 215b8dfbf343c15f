"""From a trace to its report: one pass over the events, then sentences."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from assay.record.ceilings import Ceilings
from assay.record.documents.inference.trace import Bottleneck, Measuredness, Outlier, StepTimes, TraceReport, Uncovered
from assay.record.trace.lines import TraceHeader
from assay.record.words.numbers import number_text
from assay.trace.analysis.cells import Cell, Cells
from assay.trace.analysis.coverage import Coverage
from assay.trace.analysis.depth import depth_slope, keys_and_values
from assay.trace.analysis.extremes import Extremes
from assay.trace.analysis.frame import NameTable, frame_of
from assay.trace.analysis.honesty import judge
from assay.trace.analysis.layers import outlier_layers
from assay.trace.analysis.roofs import Total, roof_of, times_of
from assay.trace.analysis.sample import Sample
from assay.trace.analysis.tokens import Tokens
from assay.trace.foreign.names import called
from assay.trace.source import Trace


class _Gathered:
    """Everything that one pass over the events gathers."""

    def __init__(self) -> None:
        self.names = NameTable()
        self.cells, self.coverage, self.tokens = Cells(self.names), Coverage(), Tokens(self.names)
        self.sample, self.extremes = Sample(), Extremes()
        self.events = 0
        self.divided = False

    def add(self, batch: pa.RecordBatch) -> None:
        """Take a batch in."""
        frame = frame_of(batch, self.names)
        for each in (self.cells, self.coverage, self.tokens, self.sample, self.extremes):
            each.add(frame)
        self.events += len(frame)
        self.divided = self.divided or bool(frame.is_divided.any())


def summarise(trace: Trace, path: Path, ceilings: Ceilings | None, no_ceilings: str = "not asked for") -> TraceReport:
    """Everything a trace says."""
    found = _Gathered()
    for batch in trace.events():
        if batch.num_rows:
            found.add(batch)
    header, uncovered = trace.header, found.coverage.uncovered()
    total = Total(total_ns=uncovered.total_ns, roof=roof_of(header, ceilings, no_ceilings))
    steps = _lines(found.cells.folded(), total)
    honesty = judge(found.sample, stated=found.divided or _states_division(header))
    believed = honesty.measured is not Measuredness.NOT_MEASURED
    layers = outlier_layers(found.sample, found.names) if believed else []
    return TraceReport(
        file=str(path),
        reader=trace.reader,
        session=header.session,
        build=header.build,
        backend=header.backend.value,
        model=header.model,
        precision=header.precision.value,
        threads=header.threads,
        tracks=found.coverage.threads(),
        events=found.events,
        dropped=trace.ending.dropped,
        complete=trace.ending.complete,
        measured=honesty.measured,
        measured_reasons=honesty.reasons,
        bottleneck=bottleneck_of(steps, uncovered, layers) if believed else None,
        uncovered=uncovered,
        steps=steps,
        layers=_lines([cell for cell in found.cells.cells() if cell.layer is not None], total),
        tokens=found.tokens.times(),
        kv=keys_and_values(found.sample, found.names),
        depth=depth_slope(found.sample, found.names),
        outliers=(*layers, *found.extremes.outliers(found.names)) if believed else (),
        roof=total.roof,
        remarks=tuple(trace.ending.remarks),
    )


def _states_division(header: TraceHeader) -> bool:
    return any(each.column == "wall_ns" and each.origin != "measured" for each in header.provenance)


def bottleneck_of(
    steps: tuple[StepTimes, ...], uncovered: Uncovered, layers: Sequence[Outlier] = ()
) -> Bottleneck | None:
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
    where = f"{called(top)}{'' if top.phase == 'none' else f' in {top.phase}'}"
    calls = f"{top.wall.count:,} calls of {number_text(top.wall.mean_ns / 1e9, 's')} on average"
    evidence = f"; {top.reason}" if top.bound.value != "unknown" else ""
    evidence += _layer_words([each for each in layers if (each.step, each.phase) == (top.step, top.phase)])
    return Bottleneck(
        sentence=f"{where} takes {top.share:.0%} of the time ({calls}{evidence}): {_gain_words(top.share)}",
        step=top.step,
        phase=top.phase,
        share=top.share,
        most_gain=_gain(top.share),
    )


def _layer_words(outliers: list[Outlier]) -> str:
    """Layers that stand out of the step."""
    if not outliers:
        return ""
    named = ", ".join(f"{each.layer} ({each.ratio:.1f}×)" for each in outliers[:4])
    more = f" and {len(outliers) - 4} more" if len(outliers) > 4 else ""
    return f"; longer than their like: layer {named}{more}"


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
