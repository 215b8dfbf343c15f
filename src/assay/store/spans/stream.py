"""Arrow IPC streams: what a killed process leaves behind, all whole batches of it readable."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from assay.store.durable import storage
from assay.store.layout import FILE_MODE

_OPTIONS = pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True)


class StreamFile:
    """A stream being written. A batch that ``write`` has returned from survives the death of this process."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path = path
        self.rows = 0
        with storage("create a stream", path):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE))
            self._sink = pa.OSFile(str(path), "wb")
            self._writer = pa.ipc.new_stream(self._sink, schema, options=_OPTIONS)

    def write(self, batch: pa.RecordBatch) -> None:
        """Hand a batch to the operating system."""
        with storage("write a stream", self.path):
            self._writer.write_batch(batch)
        self.rows += batch.num_rows

    def close(self) -> None:
        """End the stream, once; what was written stays readable where the end can't be written."""
        if self._sink.closed:
            return
        try:
            with storage("end a stream", self.path):
                self._writer.close()
        finally:
            self._sink.close()


def read_whole_batches(path: Path, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Every batch that was written completely; a torn end is where the writer died, and is no error."""
    with pa.memory_map(str(path)) as source:
        try:
            stream = pa.ipc.open_stream(source)
            if not stream.schema.equals(schema):
                return
            while True:
                batch = stream.read_next_batch()
                batch.validate(full=True)
                yield batch
        except (pa.ArrowException, OSError, StopIteration):
            return
