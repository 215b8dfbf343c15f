"""A bench of the device, for people."""

from __future__ import annotations

from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.record.documents import BenchRow, VgpuBench
from assay.record.words.numbers import number_text

_COLUMNS = (
    Column(heading="SUITE"),
    Column(heading="CASE", least=16),
    Column(heading="TIME", right=True, least=7),
    Column(heading="RATE", right=True, least=10),
    Column(heading="OF CEILING", right=True, least=5),
    Column(heading="TIMES NUMPY", right=True, least=5),
    Column(heading="INTERVAL", right=True, least=5),
)


def bench_lines(document: VgpuBench, width: int | None) -> list[Line]:
    """The table, and how to read it."""
    return [
        Styled(f"{document.processor}, {document.workers} workers, {document.isa}", "bold"),
        f"{document.blocks} blocks, against NumPy {document.numpy}; above 1 the device is faster",
        "",
        *table_lines(_COLUMNS, [_row(row) for row in document.rows], width),
    ]


def _row(row: BenchRow) -> tuple[str, ...]:
    share = "-" if row.ceiling_share is None else f"{row.ceiling_share:.2f}"
    ratio = "-" if row.numpy_ratio is None else f"{row.numpy_ratio:.2f}"
    known = row.ratio_low is not None and row.ratio_high is not None
    interval = f"{row.ratio_low:.2f} to {row.ratio_high:.2f}" if known else "-"
    return (row.suite, row.case, number_text(row.time_s, "s"), _rate(row), share, ratio, interval)


def _rate(row: BenchRow) -> str:
    if row.operations_per_s is not None:
        return f"{row.operations_per_s / 1e9:,.1f} Gop/s"
    return "-" if row.bytes_per_s is None else f"{row.bytes_per_s / 1e9:,.1f} GB/s"
