"""Reading spans and samples back: the files are checked first, and only the row groups that matter are read."""

from __future__ import annotations

from collections.abc import Sequence
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
    table = _read(series_files(folder, SeriesKind.SPANS), SPANS, read, _condition(where))
    table = table.sort_by("start_ns")
    if "cpu_ns" in wanted:
        table = table.append_column(CPU_NS, pc.subtract(table["wall_ns"], table["off_cpu_ns"]))
    return table.select(wanted)


def read_samples(folder: Path) -> pa.Table:
    """Readings of sensors in order of time."""
    return _read(series_files(folder, SeriesKind.SAMPLES), SAMPLES, {n: ds.field(n) for n in SAMPLES.names}, None)


def series_files(folder: Path, kind: SeriesKind) -> list[Path]:
    """Files of one kind, in order of recording; each has the schema it should have, or an error names it."""
    if kind is SeriesKind.SPANS:
        files = sorted((folder / SPAN_FOLDER).glob("*.parquet"))
    else:
        file = folder / (HISTOGRAM_FILE if kind is SeriesKind.HISTOGRAMS else SAMPLE_FILE)
        files = [file] if file.exists() else []
    for file in files:
        check_file(file, kind)
    return files


def check_file(file: Path, kind: SeriesKind) -> None:
    """Refuse a file that is no Parquet, is cut off, or has another schema."""
    try:
        check_schema(pq.read_schema(file), kind, str(file))
    except DAMAGE as error:
        raise _unreadable(file, error) from error


def _read(files: list[Path], schema: pa.Schema, columns: dict[str, ds.Expression], condition: Any) -> pa.Table:
    if not files:
        return pa.schema([schema.field(name) for name in columns], schema.metadata).empty_table()
    try:
        table = ds.dataset(files, schema=schema, format="parquet").to_table(columns=columns, filter=condition)
        table.validate(full=True)
    except DAMAGE as error:
        raise _unreadable(files[0].parent, error) from error
    return table


def _condition(where: Where) -> Any:
    terms = []
    if "step" in where:
        terms.append(ds.field("step") == where["step"])
    if "layer" in where:
        terms.append(ds.field("layer") == where["layer"])
    if "tokens" in where:
        first, last = where["tokens"]
        terms.append((ds.field("token") >= first) & (ds.field("token") <= last))
    if "time_ns" in where:
        begin, end = where["time_ns"]
        terms.append((ds.field("start_ns") >= begin) & (ds.field("start_ns") < end))
    condition = None
    for term in terms:
        condition = term if condition is None else condition & term
    return condition


def _unreadable(where: Path, error: Exception) -> RecordError:
    reason = " ".join(str(error).split())[:200]
    remedy = "restore the file or remove the run"
    return RecordError(f"not a readable Parquet file: {reason}", where=str(where), remedy=remedy)
