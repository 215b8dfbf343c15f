"""``assay vgpu info``."""

from __future__ import annotations

from dataclasses import asdict

import click
import msgspec

from assay.cli.command import command
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.native import require_native
from assay.cli.session import Session
from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.record.ceilings import Bandwidth, Ceilings, VgpuInfo
from assay.record.words.numbers import number_text

_COLUMNS = (
    Column(heading="CEILING"),
    Column(heading="THREADS", right=True),
    Column(heading="MEASURED", right=True, least=12, folds=True),
)


@command(examples=["assay vgpu info", "assay vgpu info --measure --json"])
@click.option("--measure", is_flag=True, help="Measure again, whatever is kept.")
@output_options
def info(session: Session, *, measure: bool, output: Output) -> None:
    """Say what the software GPU can do at most on this machine: arithmetic, memory, cost of a launch.

    Measured once for each machine, in a few seconds, and kept in $XDG_CACHE_HOME/assay. Each number is the best
    of several tries; measure on a machine that does nothing else.
    """
    document = _document(measure=measure)
    answer = Answer(
        document=document,
        lines=lambda width: _lines(document, width),
        rows=document.ceilings.bandwidths,
        row_type=Bandwidth,
    )
    emit(session, answer, output)


def _document(*, measure: bool) -> VgpuInfo:
    import assay.vgpu as vg

    compiler = require_native("vgpu info")
    found = asdict(vg.ceilings(measure=measure))
    return VgpuInfo(compiler=compiler, ceilings=msgspec.convert(found, Ceilings))


def _lines(document: VgpuInfo, width: int | None) -> list[Line]:
    found = document.ceilings
    rows = [
        (peak.dtype, str(peak.threads), peak.reason if peak.operations_per_s is None else _rate(peak.operations_per_s))
        for peak in found.peaks
    ]
    rows += [
        (f"{each.level} {each.kind}", str(each.threads), f"{each.bytes_per_s / 1e9:,.1f} GB/s")
        for each in found.bandwidths
    ]
    rows.append(("launch from Python", "1", number_text(found.launch_ns / 1e9, "s")))
    rows.append(("node of a graph", "1", number_text(found.node_ns / 1e9, "s")))
    return [
        Styled(f"{found.processor}, {found.workers} workers, {found.isa}", "bold"),
        f"measured {found.measured}, core built by {document.compiler}",
        "",
        *table_lines(_COLUMNS, rows, width),
    ]


def _rate(operations_per_s: float) -> str:
    return f"{operations_per_s / 1e9:,.1f} Gop/s"
