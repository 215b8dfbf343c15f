"""The text form of a trace, read: blocks of lines, events by a parser of columns, everything checked on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from assay.record.trace.columns import NAME_COLUMNS, NON_NEGATIVE, TRACE
from assay.record.trace.lines import (
    MOST_LINE_BYTES,
    TRACE_VERSION,
    TraceDrops,
    TraceEnd,
    TraceHeader,
    TraceLine,
    TraceStrings,
    decode_line,
)
from assay.trace.source import Ending, damaged

_BLOCK_BYTES = 8 << 20
_MOST_NAMES, _MOST_NAME_BYTES = 1 << 20, 64 << 20
_OF_EVENTS = b"0123456789,-nul[]\n"
"""All that an event's line is made of."""
_NEEDED = ("step", "start_ns", "wall_ns")
_DEFAULTS = {"phase": "none", "device": "cpu:0"}


def read_header(path: Path) -> TraceHeader:
    """The first line."""
    with path.open("rb") as file:
        line = file.readline(MOST_LINE_BYTES)
    header = _decoded(line, str(path), 1)
    if not isinstance(header, TraceHeader):
        raise damaged(f"{path}:1", "the first line is no header of a trace")
    _check_header(header, f"{path}:1")
    return header


def read_events(path: Path, header: TraceHeader, ending: Ending) -> Iterator[pa.RecordBatch]:
    """All events, block by block; ``ending`` learns how the file ends."""
    table = _Table(path, header, ending)
    rest = b""
    with path.open("rb") as file:
        file.readline(MOST_LINE_BYTES)
        while block := file.read(_BLOCK_BYTES):
            whole, newline, rest = (rest + block).rpartition(b"\n")
            if len(rest) > MOST_LINE_BYTES:
                raise damaged(f"{path}:{table.line}", "a line is longer than any line of a trace")
            if newline:
                yield from table.block(whole + newline)
    table.finish(torn=bool(rest))


class _Table:
    """The table of strings as it stands, and the number of the next line."""

    def __init__(self, path: Path, header: TraceHeader, ending: Ending) -> None:
        self._path, self._ending = path, ending
        self._columns = header.columns
        self._names: list[str] = []
        self._name_bytes = 0
        self._ended = False
        self._events = 0
        self.line = 2
        types = {name: _number_type(name) for name in header.columns}
        self._read = csv.ReadOptions(column_names=list(header.columns), block_size=_BLOCK_BYTES)
        self._parse = csv.ParseOptions(quote_char=False)
        self._convert = csv.ConvertOptions(column_types=types, null_values=["null"], strings_can_be_null=False)
        ending.complete, ending.dropped = True, 0
        ending.remarks.clear()

    def block(self, text: bytes) -> Iterator[pa.RecordBatch]:
        """The events of whole lines; other lines are taken in as they come."""
        at = 0
        while at < len(text):
            if self._ended:
                raise damaged(self._where(), "there are lines behind the last one")
            if text[at : at + 1] == b"[":
                found = text.find(b"\n{", at)
                end = len(text) if found < 0 else found + 1
                yield self._event_rows(text[at:end])
            else:
                end = text.find(b"\n", at) + 1
                self._take(_decoded(text[at:end], str(self._path), self.line))
                self.line += 1
            at = end

    def finish(self, *, torn: bool) -> None:
        """Say how the file ended."""
        if not self._ended:
            self._ending.complete = False
            where = "in the middle of a line" if torn else "without its last line"
            self._ending.remarks.append(f"The trace ends {where}: its writer was stopped; what was flushed is here.")
        elif torn:
            raise damaged(self._where(), "there are lines behind the last one")

    def _take(self, line: TraceLine) -> None:
        if isinstance(line, TraceStrings):
            self._add(line)
        elif isinstance(line, TraceDrops):
            self._ending.dropped += line.count
        elif isinstance(line, TraceEnd):
            if line.events != self._events or line.dropped != self._ending.dropped:
                raise damaged(self._where(), f"the last line states {line.events} events, there are {self._events}")
            self._ended = True
        else:
            raise damaged(self._where(), "a second header")

    def _add(self, strings: TraceStrings) -> None:
        self._name_bytes += sum(map(len, strings.names))
        if strings.first != len(self._names):
            raise damaged(self._where(), f"names from place {strings.first} on, where {len(self._names)} is next")
        if len(self._names) + len(strings.names) > _MOST_NAMES or self._name_bytes > _MOST_NAME_BYTES:
            raise damaged(self._where(), f"more than {_MOST_NAMES:,} names")
        self._names += strings.names

    def _event_rows(self, text: bytes) -> pa.RecordBatch:
        rows = text.count(b"\n")
        if not _is_made_of_arrays(text, rows):
            raise damaged(self._where(_first_bad(text)), "not an event: an array of whole numbers and nulls")
        flat = pa.py_buffer(text.translate(None, b"[]"))
        try:
            with pa.BufferReader(flat) as source:
                found = csv.read_csv(source, self._read, self._parse, self._convert)
        except pa.ArrowException as error:
            raise damaged(self._where(), f"events don't fit the header: {_short(error)}") from error
        if found.num_rows != rows:
            raise damaged(self._where(), "an empty event")
        batch = self._batch(found, rows)
        self.line += rows
        self._events += rows
        return batch

    def _batch(self, found: pa.Table, rows: int) -> pa.RecordBatch:
        arrays = []
        names = pa.array(self._names, pa.string())
        for field in TRACE:
            if field.name not in self._columns:
                arrays.append(_absent(field, rows))
                continue
            column = found.column(field.name).combine_chunks()
            self._check(field, column, len(names))
            arrays.append(pa.DictionaryArray.from_arrays(column, names) if field.name in NAME_COLUMNS else column)
        return pa.RecordBatch.from_arrays(arrays, schema=TRACE)

    def _check(self, field: pa.Field, column: pa.Array, names: int) -> None:
        if not field.nullable and column.null_count:
            raise damaged(self._where(), f"an event without {field.name}")
        if column.null_count == len(column):
            return
        extremes = pc.min_max(column)
        low, high = extremes["min"].as_py(), extremes["max"].as_py()
        if field.name in NAME_COLUMNS and not 0 <= low <= high < names:
            raise damaged(self._where(), f"{field.name} is at place {low if low < 0 else high} of {names} names")
        if field.name in NON_NEGATIVE and low < 0:
            raise damaged(self._where(), f"{field.name} is {low}")

    def _where(self, offset: int = 0) -> str:
        return f"{self._path}:{self.line + offset}"


def _check_header(header: TraceHeader, where: str) -> None:
    stated, own = header.version.split("."), TRACE_VERSION.split(".")
    if stated[0] != own[0]:
        raise damaged(where, f"a trace of version {header.version}, but {TRACE_VERSION} is read here")
    if missing := [name for name in _NEEDED if name not in header.columns]:
        raise damaged(where, f"the header lists no column {missing[0]}")
    if stated == own and (unknown := [name for name in header.columns if name not in TRACE.names]):
        raise damaged(where, f"there is no column {unknown[0]!r} in version {TRACE_VERSION}")


def _decoded(line: bytes, path: str, number: int) -> TraceLine:
    try:
        return decode_line(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise damaged(f"{path}:{number}", f"not a line of a trace: {_short(error)}") from error


def _is_made_of_arrays(text: bytes, rows: int) -> bool:
    return (
        text.count(b"[") == text.count(b"]") == rows
        and text.count(b"]\n[") == rows - 1
        and text.endswith(b"]\n")
        and not text.translate(None, _OF_EVENTS)
    )


def _first_bad(text: bytes) -> int:
    """Which line is the first that is no array."""
    lines = enumerate(text.splitlines())
    return next((number for number, line in lines if not _is_made_of_arrays(line + b"\n", 1)), 0)


def _number_type(name: str) -> pa.DataType:
    if name not in TRACE.names:
        return pa.int64()
    return pa.int32() if name in NAME_COLUMNS else TRACE.field(name).type


def _absent(field: pa.Field, rows: int) -> pa.Array:
    if field.name in _DEFAULTS:
        names = pa.array([_DEFAULTS[field.name]], pa.string())
        return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), rows), names)
    return pa.nulls(rows, field.type)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
