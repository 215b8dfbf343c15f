"""Histograms of wall time per phase, step, layer and device, gathered while spans are written."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assay.record.arrow import HISTOGRAMS
from assay.stats.sketch import keys_of

CELL = ("phase", "step", "layer", "device")
"""Columns that tell one histogram from another."""

_DENSE_SLOTS = 1 << 22
_COMPACT_ROWS = 1 << 20
_PLAIN = pa.schema(
    [field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field for field in HISTOGRAMS]
)
_SUMS = [("count", "sum"), ("total_ns", "sum"), ("min_ns", "min"), ("max_ns", "max")]

Codes = npt.NDArray[np.int64]


class Histogram:
    """Bins of all spans that were added, in memory that grows with cells and bins, not with spans."""

    def __init__(self) -> None:
        self._tables: list[pa.Table] = []
        self._rows = 0

    def add(self, spans: pa.Table | pa.RecordBatch) -> None:
        """Count spans in."""
        if spans.num_rows:
            bins = bins_of(spans)
            self._tables.append(bins)
            self._rows += bins.num_rows
        if self._rows > _COMPACT_ROWS:
            self._tables = [merge_bins(self._tables)]
            self._rows = -self._tables[0].num_rows

    def table(self) -> pa.Table:
        """One row per cell and bin."""
        return merge_bins(self._tables)


def merge_bins(tables: list[pa.Table]) -> pa.Table:
    """Histograms of several sources as one: counts and totals add up per cell and bin."""
    if not tables:
        return HISTOGRAMS.empty_table()
    keys = [*CELL, "bin"]
    merged = pa.concat_tables(table.cast(_PLAIN) for table in tables).group_by(keys).aggregate(_SUMS)
    merged = merged.rename_columns([*keys, *(name for name, _ in _SUMS)])
    merged = merged.sort_by([(name, "ascending") for name in keys]).combine_chunks()
    columns = [
        column.dictionary_encode() if pa.types.is_dictionary(field.type) else column
        for field, column in zip(HISTOGRAMS, merged.columns, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=HISTOGRAMS)


def bins_of(spans: pa.Table | pa.RecordBatch) -> pa.Table:
    """The histogram of one table of spans."""
    wall_ns = _flat(spans.column("wall_ns")).to_numpy()
    cells, first = _cells(spans)
    keys = keys_of(wall_ns).astype(np.int64)
    lowest = int(keys.min())
    width = int(keys.max()) - lowest + 1
    slots, slot_of_row = _compact(cells * width + (keys - lowest), len(first) * width)
    count = np.bincount(slot_of_row, minlength=len(slots))
    total_ns = np.zeros(len(slots), np.int64)
    np.add.at(total_ns, slot_of_row, wall_ns)
    min_ns = np.full(len(slots), np.iinfo(np.int64).max)
    np.minimum.at(min_ns, slot_of_row, wall_ns)
    max_ns = np.zeros(len(slots), np.int64)
    np.maximum.at(max_ns, slot_of_row, wall_ns)
    example = pa.array(first[slots // width])
    columns = {name: _flat(spans.column(name)).take(example) for name in CELL}
    columns |= {"bin": slots % width + lowest, "count": count, "total_ns": total_ns}
    columns |= {"min_ns": min_ns, "max_ns": max_ns}
    table = pa.table({name: columns[name] for name in HISTOGRAMS.names})
    return table.cast(HISTOGRAMS)


def _cells(spans: pa.Table | pa.RecordBatch) -> tuple[Codes, Codes]:
    """The number of each row's cell, and for each cell the first row in it."""
    cells: Codes = np.zeros(spans.num_rows, np.int64)
    first: Codes = np.zeros(1, np.int64)
    for name in CELL:
        codes = _codes(_flat(spans.column(name)))
        radix = int(codes.max()) + 1
        if radix == 1:
            continue
        values, cells = _compact(cells * radix + codes, len(first) * radix)
        first = np.zeros(len(values), np.int64)
        first[cells[::-1]] = np.arange(spans.num_rows - 1, -1, -1)
    return cells, first


def _codes(column: pa.Array) -> Codes:
    """Small numbers from zero; null is zero."""
    if pa.types.is_dictionary(column.type):
        column = column.indices
    codes: Codes = column.cast(pa.int64()).fill_null(-1).to_numpy() + 1
    return codes


def _compact(values: Codes, limit: int) -> tuple[Codes, Codes]:
    """The distinct values in order, and for each value its place among them; all lie in ``[0, limit)``."""
    if limit > _DENSE_SLOTS:
        distinct, places = np.unique(values, return_inverse=True)
        return distinct, places
    present = np.zeros(limit, bool)
    present[values] = True
    distinct = np.flatnonzero(present)
    place = np.zeros(limit, np.int64)
    place[distinct] = np.arange(len(distinct))
    return distinct, place[values]


def _flat(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
