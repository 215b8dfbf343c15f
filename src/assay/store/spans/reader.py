"""Reading spans and samples back: the files are checked first, and only the row groups that matter are read."""

from __future__ import annotations

import functools
import operator
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict, Unpack

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from assay.errors import RecordError
from assay.record.arrow import SAMPLES, SPANS, check_schema
from assay.record.enums import SeriesKind
from assay.store.spans.convert import HISTOGRAM_FILE, SAMPLE_FILE, SPAN_FOLDER

CPU_NS = pa.field("cpu_ns", pa.int64(), metadata={"meaning": "CPU time of the thread, wall_ns minus off_cpu_ns."})
SPANS_READ = SPANS.append(CPU_NS)
"""What ``read_spans`` gives: the columns of the files, and CPU time."""

DAMAGE = (pa.ArrowException, OSError, ValueError, LookupError)
"""What pyarrow raises over a damaged file; text that is no UTF-8 comes out as a ValueError."""

Ranges = Mapping[str, tuple[int, int]]


class Where(TypedDict, total=False):
    """Which spans are wanted; what is left out does not matter."""

    step: str
    """That step."""
    layer: int
    """That layer."""
    tokens: tuple[int, int]
    """First and last token, both included."""
    time_ns: tuple[int, int]
    """Spans that start at or after the first and before the second instant."""


def read_spans(folder: Path, columns: Sequence[str] | None = None, **where: Unpack[Where]) -> pa.Table:
    """Spans of a run in order of their start, with ``columns`` as in ``SPANS_READ``, all of them by default."""
    wanted = list(SPANS_READ.names if columns is None else columns)
    for name in wanted:
        if name not in SPANS_READ.names:
            raise RecordError(f"spans have no column {name!r}", remedy=f"columns are: {', '.join(SPANS_READ.names)}")
    read = {name: ds.field(name) for name in wanted if name in SPANS.names} | {"start_ns": ds.field("start_ns")}
    if "cpu_ns" in wanted:
        read |= {"wall_ns": ds.field("wall_ns"), "off_cpu_ns": ds.field("off_cpu_ns")}
    table = _read(series_files(folder, SeriesKind.SPANS, _ranges(where)), SPANS, read, _condition(where))
    table = table.sort_by("start_ns")
    if "cpu_ns" in wanted:
        table = table.append_column(CPU_NS, pc.subtract(table["wall_ns"], table["off_cpu_ns"]))
    return table.select(wanted)


def read_samples(folder: Path) -> pa.Table:
    """Readings of sensors in order of time."""
    return _read(series_files(folder, SeriesKind.SAMPLES), SAMPLES, {n: ds.field(n) for n in SAMPLES.names}, None)


def series_files(folder: Path, kind: SeriesKind, ranges: Ranges | None = None) -> list[Path]:
    """Files of one kind that can hold rows in ``ranges``, in order of recording; each has its schema, or an error."""
    if kind is SeriesKind.SPANS:
        _refuse_strange(folder / SPAN_FOLDER, stat.S_ISDIR)
        files = sorted((folder / SPAN_FOLDER).glob("*.parquet"))
    else:
        files = [folder / (HISTOGRAM_FILE if kind is SeriesKind.HISTOGRAMS else SAMPLE_FILE)]
    return [file for file in files if _refuse_strange(file, stat.S_ISREG) and _may_hold(file, kind, ranges or {})]


def _refuse_strange(path: Path, expected: Callable[[int], bool]) -> bool:
    """Whether it is there; a link, a pipe or a device in its place is refused before it is opened."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    if not expected(mode):
        remedy = "restore the run or remove it"
        raise RecordError("is no plain file or folder", where=str(path), remedy=remedy)
    return True


def _may_hold(file: Path, kind: SeriesKind, ranges: Ranges) -> bool:
    try:
        with pq.ParquetFile(file, memory_map=True) as parquet:
            check_schema(parquet.schema_arrow, kind, str(file))
            groups = (parquet.metadata.row_group(i) for i in range(parquet.num_row_groups))
            return not ranges or any(_overlaps(group, ranges, parquet.schema_arrow) for group in groups)
    except DAMAGE as error:
        raise _unreadable(file, error) from error


def _overlaps(group: pq.RowGroupMetaData, ranges: Ranges, schema: pa.Schema) -> bool:
    """Whether a row group's extremes leave room for a row in every range."""
    for name, (low, high) in ranges.items():
        statistics = group.column(schema.get_field_index(name)).statistics
        if statistics is not None and statistics.has_min_max and (statistics.max < low or statistics.min > high):
            return False
    return True


def _read(files: list[Path], schema: pa.Schema, columns: dict[str, ds.Expression], condition: Any) -> pa.Table:
    if not files:
        return pa.schema([schema.field(name) for name in columns], schema.metadata).empty_table()
    try:
        table = ds.dataset(files, schema=schema, format="parquet").to_table(columns=columns, filter=condition)
        table.validate(full=True)
    except DAMAGE as error:
        raise _unreadable(files[0].parent, error) from error
    return table


def _ranges(where: Where) -> Ranges:
    """What is asked of numbers, each range with both its ends."""
    ranges: dict[str, tuple[int, int]] = {}
    if "layer" in where:
        ranges["layer"] = where["layer"], where["layer"]
    if "tokens" in where:
        ranges["token"] = where["tokens"]
    if "time_ns" in where:
        begin_ns, end_ns = where["time_ns"]
        ranges["start_ns"] = begin_ns, end_ns - 1
    return ranges


def _condition(where: Where) -> Any:
    terms = [(ds.field(name) >= low) & (ds.field(name) <= high) for name, (low, high) in _ranges(where).items()]
    if "step" in where:
        terms.append(ds.field("step") == where["step"])
    return functools.reduce(operator.and_, terms) if terms else None


def _unreadable(where: Path, error: Exception) -> RecordError:
    reason = " ".join(str(error).split())[:200]
    remedy = "restore the file or remove the run"
    return RecordError(f"not a readable Parquet file: {reason}", where=str(where), remedy=remedy)
