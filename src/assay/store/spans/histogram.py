"""Histograms of wall time per phase, step, layer and device, gathered while spans are written."""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assay.record.arrow import HISTOGRAMS
from assay.stats.sketch import keys_of

CELL = ("phase", "step", "layer", "device")
"""Columns that tell one histogram from another."""

_DENSE_SLOTS = 1 << 22
_COMPACT_ROWS = 1 << 17
_PLAIN = pa.schema(
    [field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field for field in HISTOGRAMS]
)
_SUMS = [("count", "sum"), ("total_ns", "sum"), ("min_ns", "min"), ("max_ns", "max")]

Codes = npt.NDArray[Any]


class Histogram:
    """Bins of all spans that were added, in memory that grows with cells and bins, not with spans."""

    def __init__(self) -> None:
        self._tables: list[pa.Table] = []
        self._rows = 0
        self._lock = threading.Lock()

    def add(self, spans: pa.Table | pa.RecordBatch) -> None:
        """Count spans in; several threads may."""
        bins = bins_of(spans) if spans.num_rows else HISTOGRAMS.empty_table()
        with self._lock:
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
    columns = [_flat(spans.column(name)) for name in CELL]
    codes = [_codes(column) for column in columns]
    keys = keys_of(wall_ns)
    lowest = int(keys.min())
    codes.append(keys - lowest)
    radices = [int(code.max()) + 1 for code in codes]
    slots, slot_of_row = _compact(_combined(codes, radices), math.prod(radices))
    parts = _split(slots, radices)
    cells = [_values(column, code) for column, code in zip(columns, parts, strict=False)]
    numbers = [parts[-1] + lowest, np.bincount(slot_of_row, minlength=len(slots)), *_sums(wall_ns, slot_of_row)]
    return pa.Table.from_arrays([pa.array(column) for column in (*cells, *numbers)], HISTOGRAMS.names).cast(HISTOGRAMS)


def _sums(wall_ns: Codes, slot_of_row: Codes) -> tuple[Codes, Codes, Codes]:
    """Total, least and greatest wall time per slot, in whole nanoseconds."""
    slots = int(slot_of_row.max()) + 1
    order = np.argsort(slot_of_row.astype(np.uint16) if slots <= 1 << 16 else slot_of_row, kind="stable")
    begins = np.zeros(slots, np.int64)
    np.cumsum(np.bincount(slot_of_row)[:-1], out=begins[1:])
    wall_ns = wall_ns[order]
    reduced = (operation.reduceat(wall_ns, begins) for operation in (np.add, np.minimum, np.maximum))
    total_ns, min_ns, max_ns = reduced
    return total_ns, min_ns, max_ns


def _codes(column: pa.Array) -> Codes:
    """Small numbers from zero; null is zero."""
    if pa.types.is_dictionary(column.type):
        column = column.indices
    if column.null_count:
        column = column.fill_null(-1)
    codes: Codes = column.to_numpy().astype(np.int32)
    return codes + 1


def _values(column: pa.Array, codes: Codes) -> pa.Array:
    """What the codes of a column stood for."""
    numbers = pa.array(codes - 1, mask=codes == 0)
    return column.dictionary.take(numbers) if pa.types.is_dictionary(column.type) else numbers


def _combined(codes: list[Codes], radices: list[int]) -> Codes:
    """The codes of a row as the digits of one number."""
    kind: type[np.signedinteger[Any]] = np.int32 if math.prod(radices) < 1 << 31 else np.int64
    combined = np.zeros(len(codes[0]), kind)
    for code, radix in zip(codes, radices, strict=True):
        np.multiply(combined, radix, out=combined)
        np.add(combined, code, out=combined, casting="unsafe")
    return combined


def _split(combined: Codes, radices: list[int]) -> list[Codes]:
    """The digits of each number."""
    digits = []
    for radix in reversed(radices):
        combined, digit = np.divmod(combined, radix)
        digits.append(digit)
    return digits[::-1]


def _compact(values: Codes, limit: int) -> tuple[Codes, Codes]:
    """The distinct values in order, and for each value its place among them; all lie in ``[0, limit)``."""
    if limit > _DENSE_SLOTS:
        distinct, places = np.unique(values, return_inverse=True)
        return distinct, places
    present = np.zeros(limit, bool)
    present[values] = True
    distinct = np.flatnonzero(present)
    place = np.zeros(limit, np.int32)
    place[distinct] = np.arange(len(distinct))
    return distinct, place[values]


def _flat(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
