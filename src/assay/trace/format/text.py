"""The text form of a trace, written: every line whole, so that a kill costs what was not flushed and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from assay.record.base import one_line
from assay.record.trace.columns import NAME_COLUMNS, TRACE
from assay.record.trace.lines import TraceDrops, TraceEnd, TraceHeader, TraceLine, TraceStrings, encode_line
from assay.store.durable import storage
from assay.store.layout import FILE_MODE


class TextWriter:
    """Appends batches of events; what ``write`` has returned from survives the death of this process."""

    def __init__(self, path: Path, header: TraceHeader) -> None:
        self._path, self._header = path, header
        self._places: dict[str, int] = {}
        self._events = self._dropped = 0
        with storage("write a trace", path):
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
            self._file = os.fdopen(os.open(path, flags, FILE_MODE), "wb", buffering=0)
        self._line(header)

    def write(self, batch: pa.RecordBatch) -> None:
        """Add events, in columns of ``TRACE``."""
        if not batch.num_rows:
            return
        known = len(self._places)
        columns = [self._column(name, batch.column(TRACE.get_field_index(name))) for name in self._header.columns]
        new = tuple(self._places)[known:]
        strings = encode_line(TraceStrings(first=known, names=new)) if new else b""
        rows = pc.binary_join_element_wise(*columns, ",")
        joined = pc.binary_join(pa.ListArray.from_arrays([0, len(rows)], rows), "]\n[")[0]
        self._write(b"".join((strings, b"[", joined.as_buffer(), b"]\n")))
        self._events += batch.num_rows

    def drop(self, count: int) -> None:
        """Say that so many events were lost since the last time."""
        if count:
            self._dropped += count
            self._line(TraceDrops(count=count))

    def close(self, error_ns: float | None = None) -> None:
        """Write the last line, once."""
        if not self._file.closed:
            self._line(TraceEnd(events=self._events, dropped=self._dropped, error_ns=error_ns))
            self._file.close()

    def _column(self, name: str, column: pa.Array) -> pa.Array:
        numbers = self._placed(column) if name in NAME_COLUMNS else column
        return pc.fill_null(numbers.cast(pa.string()), "null")

    def _placed(self, column: pa.DictionaryArray) -> pa.Array:
        names = [one_line(name) for name in column.dictionary.to_pylist()]
        own = pa.array([self._places.setdefault(name, len(self._places)) for name in names], pa.int32())
        return own.take(column.indices)

    def _line(self, line: TraceLine) -> None:
        self._write(encode_line(line))

    def _write(self, data: bytes) -> None:
        with storage("write a trace", self._path):
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) :]
