"""A stream becomes a sorted Parquet file, and what it adds to the histograms."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from assay.record.arrow import HISTOGRAMS, SCHEMAS, VERSIONS
from assay.record.enums import SeriesKind
from assay.record.run import Series
from assay.store.durable import storage, sync_folder
from assay.store.layout import FILE_MODE, FOLDER_MODE
from assay.store.spans.histogram import Histogram
from assay.store.spans.stream import read_whole_batches

Rows = TypeVar("Rows", pa.Table, pa.RecordBatch)

NO_FLOOR_NS = -(2**63)
ROW_GROUP_ROWS = 250_000
"""Most rows of a row group, which is the smallest piece that is read."""
TIME_COLUMN = {SeriesKind.SPANS: "start_ns", SeriesKind.SAMPLES: "time_ns"}
HISTOGRAM_FILE = "hist.parquet"
SPAN_FOLDER, SAMPLE_FILE = "spans", "samples.parquet"

_LEVEL = 3
_LEVELS = {"wall_ns": 5, "off_cpu_ns": 5}
_ENCODINGS = {
    "start_ns": "DELTA_BINARY_PACKED",
    "time_ns": "DELTA_BINARY_PACKED",
    "layer": "DELTA_BINARY_PACKED",
    "token": "DELTA_BINARY_PACKED",
    "wall_ns": "BYTE_STREAM_SPLIT",
    "off_cpu_ns": "BYTE_STREAM_SPLIT",
    "flops": "BYTE_STREAM_SPLIT",
    "read_bytes": "BYTE_STREAM_SPLIT",
    "depth": "BYTE_STREAM_SPLIT",
    "written_bytes": "BYTE_STREAM_SPLIT",
    "value": "BYTE_STREAM_SPLIT",
}
"""Numbers whose low bytes are noise and whose high bytes repeat are split by byte; instants differ by little."""


def stream_path(folder: Path, kind: SeriesKind) -> Path:
    """The stream that is being written."""
    return folder / f"{kind.value}.arrows"


def segment_path(folder: Path, kind: SeriesKind, number: int) -> Path:
    """A stream that is full and waits to be converted."""
    return folder / f"{kind.value}-{number:05d}.arrows"


def part_path(folder: Path, kind: SeriesKind, number: int) -> Path:
    """The Parquet file made of one stream."""
    return folder / SPAN_FOLDER / f"part-{number:05d}.parquet" if kind is SeriesKind.SPANS else folder / SAMPLE_FILE


class Converter:
    """Turns the streams of one series into Parquet. Segments may be converted in any order and by several threads.

    ``floor_ns`` is the latest start of all earlier segments, ``NO_FLOOR_NS`` for the first.
    """

    def __init__(self, folder: Path, kind: SeriesKind) -> None:
        self._folder, self._kind = folder, kind
        self._parts: dict[int, Series] = {}
        self._histogram = Histogram()

    def convert(self, number: int, floor_ns: int) -> int:
        """Make a part of a segment and remove the segment: killed at any point, one of the two is whole.

        Gives the latest start of this segment and the earlier ones.
        """
        segment = segment_path(self._folder, self._kind, number)
        batches = list(read_whole_batches(segment, SCHEMAS[self._kind]))
        times = [batch.column(TIME_COLUMN[self._kind]).to_numpy() for batch in batches]
        if batches:
            part = part_path(self._folder, self._kind, number)
            groups = sorted_groups(batches, np.concatenate(times), floor_ns)
            write_parquet(part, SCHEMAS[self._kind], map(self._counted, groups))
            self._parts[number] = describe(self._folder, part, self._kind, sum(map(len, times)))
        with storage("remove a converted stream", segment):
            segment.unlink()
        return max([floor_ns, *(int(part_times.max()) for part_times in times)])

    def adopt(self, number: int, floor_ns: int) -> int:
        """Count in a part that an earlier process made; its segment, if still there, holds the same."""
        part = part_path(self._folder, self._kind, number)
        segment_path(self._folder, self._kind, number).unlink(missing_ok=True)
        with pq.ParquetFile(part) as file:
            rows = file.metadata.num_rows
            for batch in file.iter_batches(batch_size=ROW_GROUP_ROWS):
                self._counted(batch)
                floor_ns = max(floor_ns, batch.column(TIME_COLUMN[self._kind])[-1].as_py())
        self._parts[number] = describe(self._folder, part, self._kind, rows)
        return floor_ns

    def finish(self, floor_ns: int) -> tuple[Series, ...]:
        """Convert what is left, write the histograms, and list the files."""
        stream = stream_path(self._folder, self._kind)
        if stream.exists():
            last = max(self._parts, default=-1) + 1
            stream.rename(segment_path(self._folder, self._kind, last))
            self.convert(last, floor_ns)
        series = tuple(self._parts[number] for number in sorted(self._parts))
        if self._kind is not SeriesKind.SPANS or not series:
            return series
        table, file = self._histogram.table(), self._folder / HISTOGRAM_FILE
        write_parquet(file, HISTOGRAMS, [table])
        return (*series, describe(self._folder, file, SeriesKind.HISTOGRAMS, table.num_rows))

    def _counted(self, group: Rows) -> Rows:
        """The group, after its durations went into the histograms."""
        if self._kind is SeriesKind.SPANS:
            self._histogram.add(group)
        return group


def sorted_groups(batches: list[pa.RecordBatch], times: npt.NDArray[np.int64], floor_ns: int) -> Iterator[pa.Table]:
    """All rows in order of their ``times``, a row group at a time, so that no more than a few row groups are held.

    Rows that began before ``floor_ns``, the end of the previous part, get row groups of their own: times still prune.
    """
    order = np.argsort(times, kind="stable")
    stragglers = int(np.count_nonzero(times <= floor_ns))
    for begin, end in (*_cuts(0, stragglers), *_cuts(stragglers, len(order))):
        yield _rows(batches, order[begin:end])


def _cuts(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Ranges of equal size, none larger than a row group."""
    groups = -(-(end - begin) // ROW_GROUP_ROWS)
    yield from pairwise(begin + (end - begin) * i // groups for i in range(groups + 1 if groups else 0))


def _rows(batches: list[pa.RecordBatch], rows: npt.NDArray[np.int64]) -> pa.Table:
    """Some rows of all batches together; names by the last batch's dictionary, which holds those of all before."""
    low, high = int(rows.min()), int(rows.max()) + 1
    places = pa.array(rows - low)
    columns = []
    for i, field in enumerate(batches[0].schema):
        chunks = [batch.column(i) for batch in batches]
        names = chunks[-1].dictionary if pa.types.is_dictionary(field.type) else None
        joined = pa.chunked_array([chunk if names is None else chunk.indices for chunk in chunks])
        column = joined.slice(low, high - low).combine_chunks().take(places)
        columns.append(column if names is None else pa.DictionaryArray.from_arrays(column, names))
    return pa.Table.from_arrays(columns, schema=batches[0].schema)


def write_parquet(path: Path, schema: pa.Schema, groups: Iterable[pa.Table]) -> None:
    """A Parquet file that is there whole or not at all, and on disk when this returns."""
    partial = path.with_name(f"{path.name}.partial")
    with storage("write a Parquet file", path):
        path.parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
        try:
            with pa.OSFile(str(partial), "wb") as sink:
                _write_groups(sink, schema, groups)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        partial.rename(path)
        sync_folder(path.parent)


def _write_groups(sink: pa.NativeFile, schema: pa.Schema, groups: Iterable[pa.Table]) -> None:
    names = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    encodings = {name: encoding for name, encoding in _ENCODINGS.items() if name in schema.names}
    levels = {name: _LEVELS.get(name, _LEVEL) for name in schema.names}
    with pq.ParquetWriter(
        sink,
        schema,
        compression="zstd",
        compression_level=levels,
        use_dictionary=names,
        column_encoding=encodings,
    ) as writer:
        for group in groups:
            writer.write_table(group, row_group_size=ROW_GROUP_ROWS)


def describe(folder: Path, file: Path, kind: SeriesKind, rows: int) -> Series:
    """The record's entry for a file."""
    with storage("read back a Parquet file", file), file.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        size_bytes = os.fstat(source.fileno()).st_size
    return Series(
        file=file.relative_to(folder).as_posix(),
        kind=kind,
        schema_version=VERSIONS[kind],
        rows=rows,
        size_bytes=size_bytes,
        sha256=digest,
    )
