"""Timed spans: a cell is a step of a layer in a phase, a repetition is a token or another call of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from assay.compare.kind import Kind
from assay.compare.observed import Floats, Observed, One, unit_of
from assay.compare.tally import Batch, Tally
from assay.errors import RecordError
from assay.record.enums import SeriesKind
from assay.store import StoredRun
from assay.store.spans.reader import DAMAGE, series_files

_LAUNCHER = ("run", "warmup")
"""Spans of the launcher itself: the whole of a run, not a part of it."""
_COLUMNS = {"wall_s": ("wall_ns",), "cpu_s": ("wall_ns", "off_cpu_ns"), "flops": ("flops",)}
_UNITS = {"wall_s": "s", "cpu_s": "s", "flops": "FLOP"}
_NAMES = ("phase", "step", "op", "device")
_BATCH_ROWS = 1 << 18


def read(runs: Sequence[StoredRun], metric: str) -> Observed:
    """Every run as a unit."""
    return Observed(units=tuple(One(unit=unit_of(run.record), values=_tally(run, metric).values()) for run in runs))


def _tally(run: StoredRun, metric: str) -> Tally:
    tally = Tally()
    columns = [*_NAMES, "layer", "token", *_COLUMNS[metric]]
    for table in _batches(series_files(run.folder, SeriesKind.SPANS), columns):
        tally.add(_batch(table, metric))
    return tally


def _batches(files: Sequence[Path], columns: list[str]) -> Iterator[pa.RecordBatch]:
    for file in files:
        try:
            with pq.ParquetFile(file, memory_map=True) as parquet:
                yield from parquet.iter_batches(batch_size=_BATCH_ROWS, columns=columns)
        except DAMAGE as error:
            reason = " ".join(str(error).split())[:200]
            raise RecordError(f"not readable: {reason}", where=str(file), remedy="restore the run") from error


def _batch(table: pa.RecordBatch, metric: str) -> Batch:
    return Batch(
        names={name: _names(table.column(name)) for name in _NAMES},
        layer=_whole(table.column("layer")),
        token=_whole(table.column("token")),
        value=_values(table, metric),
        skip=_LAUNCHER,
    )


def _names(column: pa.DictionaryArray) -> tuple[NDArray[np.int32], list[str]]:
    """Codes with -1 for null, and what they mean."""
    return _whole(column.indices), [str(name) for name in column.dictionary.to_pylist()]


def _whole(column: pa.Array) -> NDArray[np.int32]:
    filled = column.fill_null(-1) if column.null_count else column
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=np.int32)


def _values(table: pa.RecordBatch, metric: str) -> Floats:
    first, *rest = (_floats(table.column(name)) for name in _COLUMNS[metric])
    value: Floats = first - rest[0] if rest else first
    return value / 1e9 if metric != "flops" else value


def _floats(column: pa.Array) -> Floats:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _lacks(runs: Sequence[StoredRun], metric: str) -> str:
    for run in runs:
        series = [one for one in run.record.series if one.kind is SeriesKind.SPANS]
        if not series:
            return f"run {run.id} has no spans"
        few = sum(one.rows for one in series) <= len(_LAUNCHER)
        if few and not _tally(run, "wall_s").values():
            return f"run {run.id} has no spans but its own"
        column = _COLUMNS[metric][-1]
        if column != "wall_ns" and not _has(run, column):
            return f"the spans of run {run.id} hold no {column}"
    return ""


def _has(run: StoredRun, column: str) -> bool:
    """Whether any span but the launcher's holds it."""
    batches = _batches(series_files(run.folder, SeriesKind.SPANS), ["step", column])
    return any(batch.num_rows > batch.column(1).null_count for batch in batches)


PLUGIN = Kind(
    name="spans",
    summary="a step of a layer in a phase; each token is a repetition",
    metrics=lambda metric: _UNITS.get(metric, ""),
    lacks=_lacks,
    read=read,
)
