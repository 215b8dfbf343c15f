"""The same work by what one would use otherwise: pyarrow as it comes, DuckDB, pandas."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from assay.store.spans.percentiles import percentiles
from assay.store.spans.reader import read_spans
from assay.store.spans.writer import SpanWriter
from bench.harness import Options, Pair, Side
from bench.spans.traces import spans

FULL, QUICK = 5_000_000, 400_000
_QUANTILES = "SELECT step, layer, quantile_cont(wall_ns, [0.5, 0.99]) FROM read_parquet(?) GROUP BY ALL"


@contextmanager
def pairs(options: Options) -> Iterator[list[Pair]]:
    """All pairs over one recorded trace."""
    chunks = list(spans(QUICK if options.quick else FULL))
    bench = _Bench(options.folder, chunks)
    bench.write_ours()
    bench.write_plain()
    yield [
        Pair("write spans", Side("ours", bench.write_ours), Side("pyarrow write_table", bench.write_plain)),
        Pair("bytes on disk", Side("ours", bench.bytes_ours), Side("pyarrow write_table", bench.bytes_plain), unit="B"),
        Pair("percentiles, 1 %", Side("ours", bench.sketch), Side("duckdb quantile_cont", bench.duckdb)),
        Pair("percentiles, exact", Side("ours", bench.exact), Side("duckdb quantile_cont", bench.duckdb)),
        Pair("percentiles, exact", Side("ours", bench.exact), Side("pandas groupby.quantile", bench.pandas)),
        Pair("100 tokens", Side("ours", bench.slice), Side("duckdb on one plain file", bench.slice_plain)),
    ]


class _Bench:
    """The trace, and what both sides do with it; each write starts from nothing."""

    def __init__(self, folder: Path, chunks: list[dict[str, Any]]) -> None:
        self._ours, self._plain = folder / "ours", folder / "plain.parquet"
        self._chunks = chunks

    def write_ours(self) -> None:
        """Stream, sorted Parquet, histograms and hashes."""
        shutil.rmtree(self._ours, ignore_errors=True)
        self._ours.mkdir()
        writer = SpanWriter(self._ours)
        for chunk in self._chunks:
            writer.append(**chunk)
        writer.finalise()

    def write_plain(self) -> None:
        """One table in memory, written with all defaults; neither sorted nor safe from a kill."""
        tables = [pa.table({name: _column(value, chunk) for name, value in chunk.items()}) for chunk in self._chunks]
        pq.write_table(pa.concat_tables(tables), self._plain)

    def bytes_ours(self) -> float:
        """Spans and histograms."""
        return sum(path.stat().st_size for path in self._ours.rglob("*.parquet"))

    def bytes_plain(self) -> float:
        """The one file."""
        return self._plain.stat().st_size

    def sketch(self) -> None:
        """From the histograms."""
        percentiles(self._ours)

    def exact(self) -> None:
        """From the spans."""
        percentiles(self._ours, exact=True)

    def duckdb(self) -> None:
        """Exact, over our files; two threads, memory unbounded."""
        with duckdb.connect(config={"threads": 2}) as connection:
            connection.execute(_QUANTILES, [[str(path) for path in self._ours.glob("spans/*.parquet")]]).fetchall()

    def pandas(self) -> None:
        """Exact, over our files; all rows in memory."""
        frame = pd.read_parquet(self._ours / "spans", columns=["step", "layer", "wall_ns"])
        frame.groupby(["step", "layer"], dropna=False, observed=True)["wall_ns"].quantile(np.array([0.5, 0.99]))

    def slice(self) -> None:
        """All columns of the tokens."""
        read_spans(self._ours, tokens=(1000, 1099))

    def slice_plain(self) -> None:
        """The same from the plain file."""
        with duckdb.connect(config={"threads": 2}) as connection:
            query = "SELECT * FROM read_parquet(?) WHERE token BETWEEN 1000 AND 1099 ORDER BY start_ns"
            connection.sql(query, params=[str(self._plain)]).to_arrow_table()


def _column(value: Any, chunk: dict[str, Any]) -> Any:
    return [value] * len(chunk["start_ns"]) if isinstance(value, str | int) else value
