"""The same million events written and read by us and by plain libraries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from assay.record.trace.lines import TraceHeader
from assay.trace.format.table import TableWriter
from assay.trace.format.text import TextWriter
from assay.trace.reading import open_trace
from bench.harness import Options, Pair, Side
from bench.trace import made

FULL, QUICK = 1_000_000, 50_000


@contextmanager
def pairs(options: Options) -> Iterator[list[Pair]]:
    """Writing Parquet, and reading lines of JSON."""
    events = QUICK if options.quick else FULL
    batches = list(made.batches(events))
    header = TraceHeader(columns=made.COLUMNS)
    text = options.folder / "t.jsonl"
    writer = TextWriter(text, header)
    for batch in batches:
        writer.write(batch)
    writer.close()

    def write_ours() -> None:
        ours = TableWriter(options.folder / "ours.parquet", header)
        for batch in batches:
            ours.write(batch)
        ours.close()

    def write_plain() -> None:
        pq.write_table(pa.Table.from_batches(batches), options.folder / "plain.parquet")

    def size(name: str) -> float:
        return float((options.folder / name).stat().st_size / events)

    yield [
        Pair("write Parquet", Side("ours", write_ours), Side("pyarrow.parquet.write_table, defaults", write_plain)),
        Pair(
            "size of an event",
            Side("ours", lambda: size("ours.parquet")),
            Side("pyarrow.parquet.write_table, defaults", lambda: size("plain.parquet")),
            unit="B",
        ),
        Pair("read lines", Side("ours", lambda: _read(text)), Side("json.loads a line", lambda: _read_plain(text))),
    ]


def _read(path: Path) -> None:
    total = sum(int(np.sum(batch.column("wall_ns").to_numpy())) for batch in open_trace(path).events())
    if total <= 0:
        raise AssertionError(total)


def _read_plain(path: Path) -> None:
    place = made.COLUMNS.index("wall_ns")
    with path.open("rb") as file:
        total = sum(line[place] for line in map(json.loads, file) if isinstance(line, list))
    if total <= 0:
        raise AssertionError(total)
