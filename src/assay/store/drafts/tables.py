"""Raw tables of collectors: rows become batches of an Arrow stream, flushed each second, readable after a kill."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from assay.errors import RecordError, StoreError, UsageError
from assay.record.diagnosis.raw import FILES
from assay.store.spans.stream import StreamFile
from assay.store.spans.writer import FLUSH_S

MEDIA_TYPE = "application/vnd.apache.arrow.stream"
MOST_WAITING = 65_536
"""Rows after which a table is flushed at once, so that memory stays bounded however fast they come."""


class Announce(Protocol):
    """Lists a file of the run and gives its path."""

    def __call__(self, file: str, *, collector: str, media_type: str) -> Path:
        """The path to write to."""


class RawTables:
    """The raw tables of one draft, one writer per kind, and the thread that flushes them."""

    def __init__(self, announce: Announce) -> None:
        self._announce = announce
        self._tables: dict[str, RawTable] = {}
        self._over = threading.Event()
        self._flusher: threading.Thread | None = None

    def writer(self, kind: str) -> RawTable:
        """The writer of that kind, the same whenever it is asked for."""
        if kind not in FILES:
            raise UsageError(f"there is no raw table {kind!r}", remedy=f"choose one of: {', '.join(sorted(FILES))}")
        if self._flusher is None:
            self._flusher = threading.Thread(target=self._flush_regularly, name="assay-raw", daemon=True)
            self._flusher.start()
        if kind not in self._tables:
            self._tables[kind] = RawTable(kind, self._announce)
        return self._tables[kind]

    def flush(self) -> None:
        """Write what waits, so that it can be read; an error comes out when the tables are closed."""
        for table in list(self._tables.values()):
            table.flush_quietly()

    def close(self) -> None:
        """Write what waits and end every stream; the first error comes out once all are closed."""
        self._over.set()
        if self._flusher is not None:
            self._flusher.join()
        errors = []
        for table in self._tables.values():
            try:
                table.close()
            except (StoreError, RecordError) as error:
                errors.append(error)
        if errors:
            raise errors[0]

    def _flush_regularly(self) -> None:
        while not self._over.wait(FLUSH_S):
            self.flush()


class RawTable:
    """One raw table being written. A row is safe from a kill once flushed: after a second or 64k rows."""

    def __init__(self, kind: str, announce: Announce) -> None:
        self._kind = kind
        self._file, self._schema = FILES[kind]
        self._announce = announce
        self._lock = threading.Lock()
        self._rows: list[Sequence[object]] = []
        self._names: dict[str, dict[str, int]] = {
            field.name: {} for field in self._schema if pa.types.is_dictionary(field.type)
        }
        self._stream: StreamFile | None = None
        self._error: StoreError | RecordError | None = None

    def append(self, *row: object) -> None:
        """Keep one row: a value for every column, in order."""
        self.extend([row])

    def extend(self, rows: Iterable[Sequence[object]]) -> None:
        """Keep several rows. An error of an earlier flush comes out here."""
        with self._lock:
            self._raise_kept_error()
            self._rows.extend(rows)
            if len(self._rows) >= MOST_WAITING:
                self._flush()

    def flush_quietly(self) -> None:
        """Flush; an error waits for the next call of whoever writes."""
        with self._lock:
            if self._error is None:
                try:
                    self._flush()
                except (StoreError, RecordError) as error:
                    self._error = error

    def close(self) -> None:
        """Write what waits and end the stream."""
        with self._lock:
            try:
                self._raise_kept_error()
                self._flush()
            finally:
                if self._stream is not None:
                    self._stream.close()

    def _raise_kept_error(self) -> None:
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def _flush(self) -> None:
        rows, self._rows = self._rows, []
        if not rows:
            return
        batch = self._batch(rows)
        if self._stream is None:
            path = self._announce(self._file, collector=self._file.split("/")[1], media_type=MEDIA_TYPE)
            self._stream = StreamFile(path, self._schema)
        self._stream.write(batch)

    def _batch(self, rows: list[Sequence[object]]) -> pa.RecordBatch:
        try:
            columns = zip(*rows, strict=True)
            arrays = [self._array(field, values) for field, values in zip(self._schema, columns, strict=True)]
            batch = pa.RecordBatch.from_arrays(arrays, schema=self._schema)
            batch.validate()
        except (pa.ArrowException, OverflowError, TypeError, ValueError) as error:
            remedy = f"give a value for each of: {', '.join(self._schema.names)}"
            raise RecordError(f"rows of {self._kind!r} do not fit: {error}", remedy=remedy) from error
        self._refuse_gaps(batch)
        return batch

    def _array(self, field: pa.Field, values: Sequence[object]) -> pa.Array:
        codes = self._names.get(field.name)
        if codes is None:
            return pa.array(values, field.type)
        own = [None if name is None else codes.setdefault(str(name), len(codes)) for name in values]
        return pa.DictionaryArray.from_arrays(pa.array(own, pa.int32()), pa.array(codes, pa.string()), safe=False)

    def _refuse_gaps(self, batch: pa.RecordBatch) -> None:
        for field, column in zip(self._schema, batch.columns, strict=True):
            if not field.nullable and column.null_count:
                raise RecordError(
                    f"column {field.name!r} of {self._kind!r} has gaps", remedy="give a value in each row"
                )
