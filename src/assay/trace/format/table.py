"""The Parquet form of a trace: the same columns and header, a third of the size, readable by any Parquet reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.record.arrow import SPANS
from assay.record.trace.columns import NAME_COLUMNS, NON_NEGATIVE, TRACE, TRACE_KIND
from assay.record.trace.lines import TRACE_VERSION, TraceEnd, TraceHeader, encode_line
from assay.store.durable import storage
from assay.trace.source import BATCH_ROWS, Ending, damaged

HEADER_KEY, END_KEY = b"assay.header", b"assay.end"
DAMAGE = (pa.ArrowException, OSError, ValueError, LookupError)
"""What pyarrow raises over a damaged file."""

_ROW_GROUP_ROWS = 250_000
_PACKED = frozenset({"start_ns", "layer", "token", "invocation", "sequence", "tokens"})
_LEVEL = 3


class TableWriter:
    """Appends batches of events. The file can be read once it was closed, and not before."""

    def __init__(self, path: Path, header: TraceHeader) -> None:
        self._path = path
        self._events = self._dropped = 0
        self._waiting: list[pa.RecordBatch] = []
        metadata = {**(TRACE.metadata or {}), HEADER_KEY: encode_line(header).strip()}
        self._schema = TRACE.with_metadata(metadata)
        encodings = {f.name: _encoding(f.name) for f in TRACE if f.name not in NAME_COLUMNS}
        with storage("write a trace", path):
            self._writer = pq.ParquetWriter(
                str(path),
                self._schema,
                compression="zstd",
                compression_level=_LEVEL,
                use_dictionary=list(NAME_COLUMNS),
                column_encoding=encodings,
            )

    def write(self, batch: pa.RecordBatch) -> None:
        """Add events, in columns of ``TRACE``."""
        self._waiting.append(batch)
        self._events += batch.num_rows
        if sum(each.num_rows for each in self._waiting) >= _ROW_GROUP_ROWS:
            self._flush()

    def drop(self, count: int) -> None:
        """Say that so many events were lost since the last time."""
        self._dropped += count

    def close(self, error_ns: float | None = None) -> None:
        """Finish the file, once."""
        if self._writer.is_open:
            self._flush()
            end = TraceEnd(events=self._events, dropped=self._dropped, error_ns=error_ns)
            with storage("write a trace", self._path):
                self._writer.add_key_value_metadata({END_KEY: encode_line(end).strip()})
                self._writer.close()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            table = pa.Table.from_batches([each.replace_schema_metadata(self._schema.metadata) for each in waiting])
            with storage("write a trace", self._path):
                table = table.unify_dictionaries().sort_by("start_ns")
                self._writer.write_table(table, row_group_size=_ROW_GROUP_ROWS)


def read_table_header(path: Path) -> TraceHeader:
    """The header, which for the spans of a run is made up of what is known."""
    where = str(path)
    try:
        with pq.ParquetFile(path) as file:
            schema, metadata = file.schema_arrow, file.metadata.metadata or {}
    except DAMAGE as error:
        raise damaged(where, f"not a readable Parquet file: {_short(error)}") from error
    kind = (schema.metadata or {}).get(b"assay.kind", b"")
    expected = TRACE if kind == TRACE_KIND.encode() else SPANS
    if not schema.equals(expected, check_metadata=False):
        raise damaged(where, f"columns differ from those of version {TRACE_VERSION}")
    if expected is SPANS:
        return TraceHeader(columns=tuple(SPANS.names))
    try:
        header = msgspec.json.decode(metadata.get(HEADER_KEY, b""), type=TraceHeader)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise damaged(where, f"its header can't be read: {_short(error)}") from error
    if header.version.split(".")[0] != TRACE_VERSION.split(".")[0]:
        raise damaged(where, f"a trace of version {header.version}, but {TRACE_VERSION} is read here")
    return header


def read_table_events(path: Path, ending: Ending) -> Iterator[pa.RecordBatch]:
    """All events in order of their start within a row group, in batches of bounded size."""
    ending.complete, ending.dropped = True, 0
    ending.remarks.clear()
    try:
        with pq.ParquetFile(path) as file:
            _read_end(file, ending, str(path))
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                batch.validate(full=True)
                yield _checked(batch, str(path))
    except DAMAGE as error:
        raise damaged(str(path), f"not a readable Parquet file: {_short(error)}") from error


def _read_end(file: pq.ParquetFile, ending: Ending, where: str) -> None:
    stated = (file.metadata.metadata or {}).get(END_KEY)
    if stated is None:
        return
    try:
        end = msgspec.json.decode(stated, type=TraceEnd)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise damaged(where, f"its end can't be read: {_short(error)}") from error
    ending.dropped = end.dropped


def _checked(batch: pa.RecordBatch, where: str) -> pa.RecordBatch:
    for name in NON_NEGATIVE:
        if name not in batch.schema.names:
            continue
        column = batch.column(name)
        low = pc.min(column).as_py()
        if low is not None and low < 0:
            raise damaged(where, f"{name} is {low}")
    if batch.schema.names == TRACE.names:
        return pa.RecordBatch.from_arrays(batch.columns, schema=TRACE)
    given = dict(zip(batch.schema.names, batch.columns, strict=True))
    columns = [given.get(field.name, pa.nulls(batch.num_rows, field.type)) for field in TRACE]
    return pa.RecordBatch.from_arrays(columns, schema=TRACE)


def _encoding(name: str) -> str:
    return "DELTA_BINARY_PACKED" if name in _PACKED else "BYTE_STREAM_SPLIT"


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
