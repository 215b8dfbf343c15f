"""One series being recorded: rows gather to batches, batches go to a stream, full streams to the background."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay.errors import AssayError, RecordError, StoreError
from assay.record.enums import SeriesKind
from assay.record.run import Series
from assay.store.durable import storage
from assay.store.spans.columns import DEFAULTS, ColumnEncoder, is_single
from assay.store.spans.convert import NO_FLOOR_NS, TIME_COLUMN, Converter, segment_path, stream_path
from assay.store.spans.stream import StreamFile

BATCH_ROWS = 1 << 16
SEGMENT_ROWS = 12 * BATCH_ROWS
"""Rows of one stream file, and so of one Parquet file: what is held in memory at once while converting."""


WORKERS = 1
"""Threads that convert. One keeps up with three million spans a second; a second one would hold 130 MB more."""


class Recording:
    """State behind a writer; the writer's lock guards it."""

    def __init__(self, folder: Path, kind: SeriesKind) -> None:
        self._folder, self._kind = folder, kind
        self._encoder = ColumnEncoder(kind)
        self._singles: list[Mapping[str, Any]] = []
        self._pieces: list[list[pa.Array]] = []
        self._piece_rows = 0
        self._segments = 0
        self._stream: StreamFile | None = None
        self._error: AssayError | None = None
        self._converter = Converter(folder, kind)
        self._floor_ns = self._latest_ns = NO_FLOOR_NS
        self._background = ThreadPoolExecutor(WORKERS, thread_name_prefix=f"assay-{kind.value}")
        self._conversions: list[Future[int]] = []

    def append(self, columns: Mapping[str, Any]) -> None:
        """Add one row, or one of each array's elements."""
        self._raise_errors()
        if all(is_single(value) for value in columns.values()):
            self._singles.append(columns)
            if len(self._singles) >= BATCH_ROWS:
                self.flush()
            return
        self._gather_singles()
        self._gather(columns)
        if self._piece_rows >= BATCH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write everything gathered to the stream; a full stream is turned to Parquet meanwhile."""
        self._gather_singles()
        if not self._pieces:
            return
        self._stream = self._stream or StreamFile(stream_path(self._folder, self._kind), self._encoder.schema)
        batch = self._encoder.batch(self._pieces)
        try:
            self._stream.write(batch)
        except StoreError:
            # What follows a half-written batch can't be read: the rows that wait go to a stream of their own.
            self._rotate()
            raise
        self._pieces, self._piece_rows = [], 0
        self._latest_ns = max(self._latest_ns, pc.max(batch.column(TIME_COLUMN[self._kind])).as_py())
        if self._stream.rows >= SEGMENT_ROWS and self._kind is SeriesKind.SPANS:
            self._rotate()

    def flush_quietly(self) -> None:
        """Flush from the timer: what fails is told to the next caller."""
        try:
            self.flush()
        except AssayError as error:
            self._error = error

    def finalise(self) -> tuple[Series, ...]:
        """Everything as Parquet, the streams removed."""
        self._raise_errors()
        self.flush()
        self._background.shutdown(wait=True)
        self._raise_errors()
        self.close()
        return self._converter.finish(self._floor_ns)

    def close(self) -> None:
        """End the stream, and the work in the background: whoever comes next has the folder for himself."""
        try:
            self.flush()
            if self._stream is not None:
                self._stream.close()
        finally:
            self._stream = None
            self._background.shutdown(wait=True, cancel_futures=True)

    def _rotate(self) -> None:
        stream, self._stream = self._stream, None
        if stream is None:
            return
        try:
            stream.close()
        finally:
            with storage("set a stream aside", stream.path):
                stream.path.rename(segment_path(self._folder, self._kind, self._segments))
            self._conversions.append(self._background.submit(self._converter.convert, self._segments, self._floor_ns))
            self._floor_ns = self._latest_ns
            self._segments += 1

    def _gather_singles(self) -> None:
        rows, self._singles = self._singles, []
        if rows:
            try:
                self._gather(_joined(rows, DEFAULTS[self._kind]))
            except RecordError:
                self._gather_one_by_one(rows)

    def _gather_one_by_one(self, rows: list[Mapping[str, Any]]) -> None:
        """A row that is wrong costs itself, not the others that wait with it."""
        for row in rows:
            try:
                self._gather(row)
            except RecordError as error:
                self._error = self._error or error

    def _gather(self, columns: Mapping[str, Any]) -> None:
        piece = self._encoder.encode(columns)
        self._pieces.append(piece)
        self._piece_rows += len(piece[0])

    def _raise_errors(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error
        while self._conversions and self._conversions[0].done():
            self._conversions[0].result()
            self._conversions.pop(0)


def _joined(rows: list[Mapping[str, Any]], defaults: Mapping[str, str]) -> dict[str, list[Any]]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name, defaults.get(name)) for row in rows] for name in names}
