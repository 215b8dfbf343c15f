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
from assay.record.documents.trace import StepTimes


@command(examples=["assay trace run.trace.jsonl", "assay trace run.parquet -o trace.html -o run.perfetto.json"])
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--layers", is_flag=True, help="A line for every layer, not only for every step.")
@trace_output_options
def trace(session: Session, file: Path, *, layers: bool, output: Output) -> None:
    """Say where the time of an inference went, from its trace in FILE.

    FILE is known by what it holds: Assay's own trace, or a profile of ONNX Runtime, PyTorch (Kineto), vLLM (layerwise),
    TensorRT or llama-bench.
    """
    leave_pandas_out()
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


def _ceilings() -> tuple[Ceilings | None, str]:
    """What was measured on this machine before; measuring now would disturb nobody, but take seconds."""
    from assay.vgpu.ceilings.kept import cache_path, kept

    found = kept(cache_path())
    if found is None:
        return None, "the ceilings of this machine were not measured yet: run `assay vgpu info`"
    return msgspec.convert(asdict(found), Ceilings), ""
