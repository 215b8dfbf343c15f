"""Events of other tools put together to batches, with the time that each spends outside of what is nested in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from assay.record.trace.columns import NAME_COLUMNS, SELF_NS, TRACE
from assay.trace.source import BATCH_ROWS

INT32_MAX = 2**31 - 1
_NS_MAX = 9 * 10**18
_SCHEMA = TRACE.append(pa.field(SELF_NS, pa.int64()))


@dataclass(kw_only=True, slots=True)
class Foreign:
    """One event."""

    step: str
    start_ns: int
    wall_ns: int
    op: str | None = None
    kernel: str | None = None
    layer: int | None = None
    phase: str = "none"
    device: str = "cpu:0"
    thread: int | None = None
    depth: int | None = None
    flops: int | None = None
    read_bytes: int | None = None
    written_bytes: int | None = None
    invocation: int | None = None
    token: int | None = None
    tokens: int | None = None
    self_ns: int | None = None
    """Time outside of what is nested; None for all of it."""
    parent: Foreign | None = field(default=None, repr=False)
    """The event that it is nested in."""

    @property
    def end_ns(self) -> int:
        """Its end."""
        return self.start_ns + self.wall_ns


def nest(events: list[Foreign]) -> int:
    """Give events of one thread their parents, depths and own times; what ends after its parent is cut, and counted.

    Children come right behind their parents in the order that is left in ``events``.
    """
    events.sort(key=lambda each: (each.start_ns, -each.wall_ns))
    open_: list[Foreign] = []
    cut = 0
    for each in events:
        while open_ and open_[-1].end_ns <= each.start_ns:
            open_.pop()
        if open_:
            parent = open_[-1]
            if each.end_ns > parent.end_ns:
                each.wall_ns = parent.end_ns - each.start_ns
                cut += 1
            each.parent = parent
            parent.self_ns = (parent.wall_ns if parent.self_ns is None else parent.self_ns) - each.wall_ns
        each.depth = len(open_)
        open_.append(each)
    return cut


def batches_of(events: list[Foreign]) -> Iterator[pa.RecordBatch]:
    """The events as batches, in the order given."""
    for begin in range(0, len(events), BATCH_ROWS):
        rows = events[begin : begin + BATCH_ROWS]
        columns = [_column(name, rows) for name in TRACE.names]
        own = [each.wall_ns if each.self_ns is None else max(0, each.self_ns) for each in rows]
        yield pa.RecordBatch.from_arrays([*columns, pa.array(own, pa.int64())], schema=_SCHEMA)


def whole_ns(value: float, unit_ns: float) -> int | None:
    """A time in nanoseconds; None for one that no clock gives."""
    found = value * unit_ns
    return round(found) if -_NS_MAX < found < _NS_MAX else None


def _column(name: str, rows: list[Foreign]) -> pa.Array:
    values = [getattr(each, name, None) for each in rows]
    if name in NAME_COLUMNS:
        texts = [None if value is None else (value[:512] or "?") for value in values]
        return pa.array(texts, pa.string()).dictionary_encode()
    kind = TRACE.field(name).type
    if name in ("layer", "depth"):
        values = [None if value is None or value > 30_000 else value for value in values]
    elif pa.types.is_int32(kind):
        values = [None if value is None or not 0 <= value <= INT32_MAX else value for value in values]
    return pa.array(values, kind)
