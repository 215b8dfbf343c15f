"""Percentiles of wall time per cell, from the histograms within one per cent, or exactly by reading the spans again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from assay.errors import RecordError
from assay.record.arrow import SPANS
from assay.record.base import Record
from assay.record.enums import Percentiles, SeriesKind
from assay.stats.sketch import KEYS_PER_OCTAVE, RELATIVE_ERROR, ZERO_KEY, quantiles, sketch_from_bins
from assay.store.spans.exact import Bin, order_statistics
from assay.store.spans.histogram import CELL
from assay.store.spans.query import database, failing
from assay.store.spans.reader import DAMAGE, series_files

Key = tuple[str | int | None, ...]

_MEASURES = frozenset({"start_ns", "wall_ns", "off_cpu_ns", "flops", "read_bytes", "written_bytes"})
GROUPS = tuple(name for name in SPANS.names if name not in _MEASURES)
"""Columns that percentiles can be asked by."""

_STORED_BINS = "SELECT {by}, bin, sum(count)::BIGINT, sum(total_ns)::BIGINT, min(min_ns), max(max_ns)"
_FRESH_BINS = (
    "SELECT {by}, CASE WHEN wall_ns > 0 THEN ceil(log2(wall_ns) * {keys})::SMALLINT ELSE {zero} END AS bin,"
    " count(*), sum(wall_ns)::BIGINT, min(wall_ns), max(wall_ns)"
)


class PercentileRow(Record, kw_only=True):
    """Wall time of one cell."""

    cell: Key
    """Values of the columns that were asked by, in that order."""
    count: int
    """Spans."""
    total_ns: int
    """Sum of their wall times."""
    mean_ns: float
    """``total_ns / count``."""
    min_ns: int
    """Shortest."""
    max_ns: int
    """Longest."""
    percentiles_ns: tuple[float, ...]
    """The quantiles that were asked for, in that order."""
    method: Percentiles
    """How they were obtained."""
    relative_error: float
    """Bound on their relative error; 0 where exact."""


def percentiles(
    folder: Path,
    by: Sequence[str] = ("step", "layer"),
    q: Sequence[float] = (0.5, 0.99),
    *,
    exact: bool = False,
    temporary: Path | None = None,
) -> tuple[PercentileRow, ...]:
    """Wall time of the run's spans per cell, in order of ``by``.

    A sketch answers from the histograms, and a quantile is then within ``relative_error`` of an order statistic.
    ``exact`` reads the spans and interpolates as numpy does. ``temporary`` is where large groupings spill.
    """
    _refuse_unknown(by, q)
    rows = _bins(folder, by, temporary or folder / "duckdb.tmp")
    cells = [(key, list(group)) for key, group in groupby(rows, key=lambda row: row.cell)]
    if not cells:
        return ()
    if exact:
        files = series_files(folder, SeriesKind.SPANS)
        answers = _exact(files, by, cells, q)
    else:
        answers = [tuple(quantiles(sketch_from_bins((b.key, b.count) for b in bins), q)) for _, bins in cells]
    return tuple(_row(key, bins, answer, exact=exact) for (key, bins), answer in zip(cells, answers, strict=True))


def _exact(
    files: list[Path], by: Sequence[str], cells: list[tuple[Key, list[Bin]]], q: Sequence[float]
) -> list[tuple[float, ...]]:
    try:
        return [tuple(values) for values in order_statistics(files, by, cells, q)]
    except DAMAGE as error:
        what = f"histograms and spans do not fit each other: {' '.join(str(error).split())[:200]}"
        raise RecordError(what, where=str(files[0].parent), remedy="restore the files or remove the run") from error


def _row(cell: Key, bins: list[Bin], answer: tuple[float, ...], *, exact: bool) -> PercentileRow:
    count, total_ns = sum(b.count for b in bins), sum(b.total_ns for b in bins)
    min_ns, max_ns = bins[0].min_ns, bins[-1].max_ns
    return PercentileRow(
        cell=cell,
        count=count,
        total_ns=total_ns,
        mean_ns=total_ns / count,
        min_ns=min_ns,
        max_ns=max_ns,
        percentiles_ns=answer if exact else tuple(min(max(value, min_ns), max_ns) for value in answer),
        method=Percentiles.EXACT if exact else Percentiles.SKETCH,
        relative_error=0.0 if exact else RELATIVE_ERROR,
    )


def _bins(folder: Path, by: Sequence[str], temporary: Path) -> Iterator[Bin]:
    """Non-empty bins, those of one cell together and in rising order."""
    stored = set(by) <= set(CELL)
    files = series_files(folder, SeriesKind.HISTOGRAMS if stored else SeriesKind.SPANS)
    if not files:
        return
    names = ", ".join(by)
    select = (_STORED_BINS if stored else _FRESH_BINS).format(by=names, keys=repr(KEYS_PER_OCTAVE), zero=ZERO_KEY)
    query = f"{select} FROM read_parquet(?) GROUP BY {names}, bin ORDER BY {names}, bin"
    with database(folder, temporary) as connection, failing(folder):
        rows = _fetch(connection, query, [[str(file) for file in files]])
    width = len(by)
    for row in rows:
        yield Bin(row[:width], *row[width:])


def _fetch(connection: duckdb.DuckDBPyConnection, query: str, parameters: list[Any]) -> list[Any]:
    return connection.execute(query, parameters).fetchall()


def _refuse_unknown(by: Sequence[str], q: Sequence[float]) -> None:
    for name in by:
        if name not in GROUPS:
            raise RecordError(f"spans are not grouped by {name!r}", remedy=f"choose among: {', '.join(GROUPS)}")
    if not by or len(set(by)) != len(by):
        raise RecordError("percentiles need distinct columns to group by", remedy="for example by=('step', 'layer')")
    for value in q:
        if not (math.isfinite(value) and 0 <= value <= 1):
            raise RecordError(f"{value} is no quantile", remedy="quantiles lie between 0 and 1, for example 0.99")
