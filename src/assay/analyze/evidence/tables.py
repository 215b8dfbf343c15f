"""Raw tables of a run as columns of numbers: names become codes, so that an hour of samples stays small."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from msgspec import Struct
from numpy.typing import NDArray

from assay.errors import RecordError
from assay.record.diagnosis.raw import FILES
from assay.store import StoredRun

Column = NDArray[Any]
"""Numbers of any width, one per row."""

MOST_ROWS = 200_000_000
"""Rows of one table that are read; more is refused rather than half read."""
MOST_USED: dict[str, int] = {"stacks": 250_000, "threads": 150_000, "native": 200_000, "processes": 50_000}
"""Rows that are worked with: of a longer table whole moments are left out evenly, so that shares stay what they are."""
STEP_NS: dict[str, int] = {"stacks": 10_000_000, "threads": 20_000_000, "native": 5_000_000, "processes": 100_000_000}
"""Length of the moments that are kept or left out as a whole: the usual time between two rows of one thread."""
_GONE = -1
"""Stands for null in whole numbers that are never negative, and in codes of names."""


class Table(Struct, frozen=True):
    """One raw table: columns of numbers, and the names behind the coded ones."""

    columns: Mapping[str, Column]
    names: Mapping[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def only(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Table:
        """The same table with some of its rows."""
        return Table({name: column[rows] for name, column in self.columns.items()}, self.names)

    def codes(self, column: str, wanted: Iterable[str]) -> NDArray[np.int64]:
        """Codes of those names of a column that occur."""
        chosen = set(wanted)
        return np.array([code for code, name in enumerate(self.names[column]) if name in chosen], dtype=np.int64)

    def text(self, column: str, row: int) -> str:
        """The name in one cell; empty for null."""
        code = int(self.columns[column][row])
        return self.names[column][code] if code >= 0 else ""


def load_table(run: StoredRun, kind: str) -> Table | None:
    """One raw table of the run; None where the run has none."""
    name, _ = FILES[kind]
    if name not in {artifact.file for artifact in run.record.artifacts}:
        return None
    return read_table(run.file(name), kind)


def read_table(path: Path, kind: str) -> Table:
    """One raw table in a file."""
    _, schema = FILES[kind]
    every = -(-_rows(path) // MOST_USED.get(kind, MOST_ROWS))
    batches = _batches(path, schema)
    return as_table(batches if every <= 1 else _thinned(batches, every, STEP_NS[kind]), schema, str(path))


def as_table(batches: Iterable[pa.RecordBatch], schema: pa.Schema, where: str) -> Table:
    """Batches of one schema as columns; dictionaries of the batches are brought to one."""
    parts: dict[str, list[Column]] = {field.name: [] for field in schema}
    vocabularies: dict[str, dict[str, int]] = {field.name: {} for field in schema if pa.types.is_dictionary(field.type)}
    rows = 0
    for batch in batches:
        rows += batch.num_rows
        if rows > MOST_ROWS:
            raise RecordError(f"holds more than {MOST_ROWS:,} rows", where=where, remedy="profile for a shorter time")
        for field, column in zip(schema, batch.columns, strict=True):
            vocabulary = vocabularies.get(field.name)
            parts[field.name].append(_numbers(column) if vocabulary is None else _codes(column, vocabulary))
    columns = {field.name: _joined(parts[field.name], field) for field in schema}
    return Table(columns, {name: tuple(vocabulary) for name, vocabulary in vocabularies.items()})


def runs_of_threads(table: Table) -> list[slice]:
    """Rows of each thread, of a table that is ordered by process and thread."""
    if not len(table):
        return []
    changes = np.flatnonzero((np.diff(table["pid"]) != 0) | (np.diff(table["tid"]) != 0)) + 1
    return [slice(start, end) for start, end in itertools.pairwise([0, *changes.tolist(), len(table)])]


def _batches(path: Path, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    try:
        with pa.OSFile(str(path)) as source, _open(source) as stream:
            if not stream.schema.equals(schema, check_metadata=True):
                raise RecordError("its columns are not the published ones", where=str(path), remedy="profile again")
            for batch in _whole_batches(stream):
                batch.validate(full=True)
                yield batch
    except pa.ArrowException as error:
        raise RecordError(f"can't be read: {error}"[:300], where=str(path), remedy="remove the run") from None


def _open(source: pa.NativeFile) -> pa.RecordBatchReader:
    """A stream whose batches give their memory back: the usual pool would keep it for the next, larger run."""
    return pa.ipc.open_stream(source, memory_pool=pa.system_memory_pool())


def _rows(path: Path) -> int:
    """Rows of a stream, without looking at them; 0 for one that can't be read, which its reader will say better."""
    try:
        with pa.OSFile(str(path)) as source, _open(source) as stream:
            return sum(batch.num_rows for batch in _whole_batches(stream))
    except pa.ArrowException:
        return 0


def _thinned(batches: Iterable[pa.RecordBatch], every: int, step_ns: int) -> Iterator[pa.RecordBatch]:
    """The rows of every ``every``-th moment."""
    for batch in batches:
        moment = batch.column("time_ns").to_numpy() // step_ns
        yield batch.filter(pa.array(moment % every == 0))


def _whole_batches(stream: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """Batches up to the end, or up to where a killed writer stopped in the middle of one."""
    while True:
        try:
            yield stream.read_next_batch()
        except (StopIteration, OSError):
            return


def _numbers(column: pa.Array) -> Column:
    if column.null_count:
        blank: object = float("nan") if pa.types.is_floating(column.type) else _GONE
        if pa.types.is_boolean(column.type):
            column = column.cast(pa.int8())
        column = column.fill_null(blank)
    elif pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    found: Column = column.to_numpy(zero_copy_only=False)
    return found


def _codes(column: pa.DictionaryArray, vocabulary: dict[str, int]) -> Column:
    local = column.dictionary.to_pylist()
    mapping = np.array([vocabulary.setdefault(name, len(vocabulary)) for name in local] or [_GONE], dtype=np.int32)
    indices = column.indices.fill_null(_GONE).to_numpy(zero_copy_only=False)
    codes: Column = np.where(indices >= 0, mapping[indices], _GONE).astype(np.int32)
    return codes


def _joined(parts: list[Column], field: pa.Field) -> Column:
    if parts:
        return np.concatenate(parts)
    numpy_type = np.int32 if pa.types.is_dictionary(field.type) else np.dtype(field.type.to_pandas_dtype())
    return np.empty(0, dtype=np.int8 if numpy_type == np.bool_ else numpy_type)
