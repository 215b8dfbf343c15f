"""A trace's file being written, in the form that its ending asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pyarrow as pa

from assay.errors import UsageError
from assay.record.trace.lines import TraceHeader
from assay.trace.format.table import TableWriter
from assay.trace.format.text import TextWriter

ENDINGS = (".jsonl", ".ndjson", ".json", ".trace", ".parquet")


class TraceWriter(Protocol):
    """What both forms offer."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Add events, in columns of ``TRACE``."""

    def drop(self, count: int) -> None:
        """Say that so many events were lost since the last time."""

    def close(self, error_ns: float | None = None) -> None:
        """Finish the file, once."""


def open_writer(path: Path, header: TraceHeader) -> TraceWriter:
    """A writer of Parquet for ``.parquet``, of lines of JSON for the other endings."""
    suffix = path.suffix.lower()
    if suffix not in ENDINGS:
        what = f"no form of a trace has the ending {suffix!r}"
        raise UsageError(what, where=str(path), remedy=f"use one of: {', '.join(ENDINGS)}")
    return TableWriter(path, header) if suffix == ".parquet" else TextWriter(path, header)
