"""``assay trace``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
import msgspec

from assay.cli.command import command
from assay.cli.emit import Answer, Output
from assay.cli.session import Session
from assay.cli.start.lean import leave_pandas_out
from assay.cli.tracing.output import give_trace, trace_output_options
from assay.cli.views.trace import trace_lines
from assay.record.ceilings import Ceilings
from assay.record.documents.inference.trace import StepTimes


@command(
    examples=[
        "assay trace run.trace.jsonl",
        "assay trace run.parquet -o trace.html -o run.perfetto.json",
        "assay trace a.jsonl b.jsonl",
    ],
    statuses={1: "of two traces: something became worse", 3: "inconclusive", 4: "not comparable"},
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.argument("after", type=click.Path(path_type=Path), required=False, metavar="[AFTER]")
@click.option("--layers", is_flag=True, help="A line for every layer, not only for every step.")
@trace_output_options
def trace(session: Session, file: Path, after: Path | None, *, layers: bool, output: Output) -> int:
    """Say where the time of an inference went, from its trace in FILE; with AFTER, what differs between the two.

    FILE is known by what it holds: Assay's own trace, or a profile of ONNX Runtime, PyTorch (Kineto), vLLM (layerwise),
    TensorRT or llama-bench.
    """
    leave_pandas_out()
    return (
        _told(session, file, layers=layers, output=output) if after is None else _compared(session, file, after, output)
    )


def _compared(session: Session, before: Path, after: Path, output: Output) -> int:
    """What `assay compare` says of the two files."""
    from assay.cli.commands.proof.compare import STATUSES
    from assay.cli.comparing.give import ComparisonOutput, give
    from assay.compare.asked import Asked
    from assay.compare.traces import compare_traces

    wanted = ComparisonOutput(as_json=output.as_json, outputs=output.outputs)
    wanted.check()
    document = compare_traces([before], [after], Asked())
    give(session, document, wanted, show_all=False)
    return STATUSES[document.verdict]


def _told(session: Session, file: Path, *, layers: bool, output: Output) -> int:
    from assay.trace.analysis.summary import summarise
    from assay.trace.reading import open_trace

    opened = open_trace(file)
    report = summarise(opened, file, *_ceilings())
    answer = Answer(
        document=report,
        lines=lambda width: trace_lines(report, width, layers=layers),
        rows=(*report.steps, *report.layers),
        row_type=StepTimes,
    )
    give_trace(session, opened, report, answer, output)
    return 0


def _ceilings() -> tuple[Ceilings | None, str]:
    """What was measured on this machine before; measuring now would disturb nobody, but take seconds."""
    from assay.vgpu.ceilings.kept import cache_path, kept

    found = kept(cache_path())
    if found is None:
        return None, "the ceilings of this machine were not measured yet: run `assay vgpu info`"
    return msgspec.convert(asdict(found), Ceilings), ""
