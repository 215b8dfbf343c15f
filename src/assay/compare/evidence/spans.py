"""Timed spans: a cell is a step of a layer in a phase, a repetition is a token or another call of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from numpy.typing import NDArray

from assay.compare.kind import Kind
from assay.compare.observed import Floats, Observed, One, unit_of
from assay.errors import RecordError
from assay.record.arrow import SPANS
from assay.record.documents.comparison import Cell
from assay.record.enums import SeriesKind
from assay.store import StoredRun
from assay.store.spans.reader import DAMAGE, series_files

_LAUNCHER = ("run", "warmup")
"""Spans of the launcher itself: the whole of a run, not a part of it."""
_COLUMNS = {"wall_s": ("wall_ns",), "cpu_s": ("wall_ns", "off_cpu_ns"), "flops": ("flops",)}
_UNITS = {"wall_s": "s", "cpu_s": "s", "flops": "FLOP"}
_NAMES = ("phase", "step", "op", "device")
_KEYS = (*_NAMES, "layer")
_SPARSE = 4
"""Numbers of tokens with so many times more room than spans are numbered anew."""

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Keys:
    """One number per row for what it timed, and what the numbers mean."""

    code: Ints
    cells: tuple[Cell, ...]


def read(runs: Sequence[StoredRun], metric: str) -> Observed:
    """Every run as a unit."""
    return Observed(units=tuple(One(unit=unit_of(run.record), values=_values(run, metric)) for run in runs))


def _values(run: StoredRun, metric: str) -> dict[Cell, Floats]:
    table = _table(run, metric)
    keys = _keys(table)
    values = _numbers(table, metric)
    positions = _positions(table, keys)
    width = int(positions.max(initial=-1)) + 1
    place = keys.code * width + positions
    total = np.bincount(place, weights=values, minlength=len(keys.cells) * width).reshape(len(keys.cells), width)
    seen = np.bincount(place, minlength=len(keys.cells) * width).reshape(len(keys.cells), width) > 0
    return {
        cell: np.where(seen[row, : _last(seen[row])], total[row, : _last(seen[row])], np.nan)
        for row, cell in enumerate(keys.cells)
    }


def _last(seen: NDArray[np.bool_]) -> int:
    return int(np.flatnonzero(seen)[-1]) + 1


def _table(run: StoredRun, metric: str) -> pa.Table:
    """The spans of one level: whole steps where there are any, operators where there are none."""
    files = series_files(run.folder, SeriesKind.SPANS)
    wanted = [*_KEYS, "token", *_COLUMNS[metric]]
    condition = ~ds.field("step").isin(list(_LAUNCHER))
    try:
        table = ds.dataset(files, schema=SPANS, format="parquet").to_table(columns=wanted, filter=condition)
    except DAMAGE as error:
        reason = " ".join(str(error).split())[:200]
        raise RecordError(f"not readable: {reason}", where=str(run.folder), remedy="restore the run") from error
    steps = table["op"].null_count
    if 0 < steps < table.num_rows:
        table = table.filter(pc.is_null(table["op"]))
    return table.unify_dictionaries().combine_chunks()


def _keys(table: pa.Table) -> _Keys:
    """Cells in the order in which they first ran."""
    code = np.zeros(table.num_rows, dtype=np.int64)
    sizes: list[int] = []
    for name in _KEYS:
        part, size = _coded(table[name])
        code = code * size + part
        sizes.append(size)
    first = np.full(int(np.prod(sizes)), -1, dtype=np.int64)
    first[code[::-1]] = np.arange(table.num_rows - 1, -1, -1)
    known = np.flatnonzero(first >= 0)
    known = known[np.argsort(first[known], kind="stable")]
    number = np.empty(len(first), dtype=np.int64)
    number[known] = np.arange(len(known))
    rows = table.select(list(_KEYS)).take(pa.array(first[known])).to_pylist()
    return _Keys(number[code], tuple(_cell(row) for row in rows))


def _coded(column: pa.ChunkedArray) -> tuple[Ints, int]:
    """Small numbers for a column of names or layers, one of them for null, and how many there are."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(array.type):
        array = array.indices
    codes = np.asarray(pc.fill_null(pc.cast(array, pa.int32()), -1).to_numpy(zero_copy_only=False), dtype=np.int64) + 1
    return codes, int(codes.max(initial=0)) + 1


def _cell(row: dict[str, object]) -> Cell:
    layer = row["layer"]
    return Cell(
        name=str(row["step"]),
        layer=layer if isinstance(layer, int) else None,
        phase=str(row["phase"]),
        device=str(row["device"]),
        op=str(row["op"] or ""),
    )


def _numbers(table: pa.Table, metric: str) -> Floats:
    columns = [_floats(table[name]) for name in _COLUMNS[metric]]
    if metric == "cpu_s":
        return (columns[0] - columns[1]) / 1e9
    return columns[0] / 1e9 if metric == "wall_s" else columns[0]


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.combine_chunks().to_numpy(zero_copy_only=False), dtype=np.float64)


def _positions(table: pa.Table, keys: _Keys) -> Ints:
    """The repetition that a span belongs to: its token; where a cell has none, the how-manieth span of the cell."""
    tokens = table["token"]
    if tokens.null_count == table.num_rows:
        return _occurrences(keys.code)
    numbers = np.asarray(pc.fill_null(tokens, -1).combine_chunks().to_numpy(zero_copy_only=False), dtype=np.int64)
    if numbers.max(initial=0) * len(keys.cells) > _SPARSE * len(numbers) + 2**20:
        numbers = np.unique(numbers, return_inverse=True)[1].astype(np.int64) - int(tokens.null_count > 0)
    if tokens.null_count:
        without = np.bincount(keys.code, weights=numbers < 0, minlength=len(keys.cells))[keys.code] > 0
        numbers[without] = _occurrences(keys.code[without])
    return numbers


def _occurrences(code: Ints) -> Ints:
    """For each row, how many rows before it have the same code."""
    narrow = code.astype(np.uint16) if code.max(initial=0) < 2**16 else code
    order = np.argsort(narrow, kind="stable")
    counts = np.bincount(code)
    starts = np.cumsum(counts) - counts
    found = np.empty(len(code), dtype=np.int64)
    found[order] = np.arange(len(code)) - starts[code[order]]
    return found


def _lacks(runs: Sequence[StoredRun], metric: str) -> str:
    for run in runs:
        series = [one for one in run.record.series if one.kind is SeriesKind.SPANS]
        if not series:
            return f"run {run.id} has no spans"
        files = series_files(run.folder, SeriesKind.SPANS)
        dataset = ds.dataset(files, schema=SPANS, format="parquet")
        inside = ~ds.field("step").isin(list(_LAUNCHER))
        if not dataset.head(1, columns=["step"], filter=inside).num_rows:
            return f"run {run.id} has no spans but its own"
        column = _COLUMNS[metric][-1]
        if not dataset.head(1, columns=[column], filter=inside & ds.field(column).is_valid()).num_rows:
            return f"the spans of run {run.id} hold no {column}"
    return ""


PLUGIN = Kind(
    name="spans",
    summary="a step of a layer in a phase; each token is a repetition",
    rank=10,
    metrics=lambda metric: _UNITS.get(metric, ""),
    lacks=_lacks,
    read=read,
)
