"""What the target does at this moment: put together from the rows that collectors write anyway, on their way."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from assay.analyze.evidence.clocks import thread_clocks, total_seconds
from assay.analyze.evidence.frames import is_own
from assay.analyze.evidence.tables import as_table
from assay.analyze.evidence.waits import CLOCKS
from assay.measure.observers.guard import FAULTS
from assay.measure.streams.pump import Beside
from assay.observe.collector import SampleSink, Sink, Table
from assay.record.base import Record
from assay.record.diagnosis.findings import Clock
from assay.record.diagnosis.raw import FILES

INTERVAL_NS = 500_000_000
"""Stacks are handed over as often, so that looking more often would show the same again."""
_RECENT_NS = 2_000_000_000
_MOST_ROWS = 2_000
"""Rows of each kind that are worked with at a time, the newest: what is shown is cheap whatever the target does."""
_MOST_FRAMES = 200_000
_MOST_PLACES = 5
_LEAST_SHARE = 0.02


class Doing(Record, kw_only=True):
    """A place in the program, and the share of the last moments' samples that were there."""

    function: str
    file: str
    line: int
    share: float


class Moment(Record, kw_only=True):
    """What the target does now."""

    elapsed_s: float
    busy_cores: float | None = None
    """Processors that it keeps busy."""
    rss_bytes: int | None = None
    threads: int | None = None
    processes: int | None = None
    clocks: tuple[tuple[Clock, float], ...] = ()
    """Shares of its threads' time, largest first."""
    places: tuple[Doing, ...] = ()
    """Where its threads are, most frequent first; for what has no Python stacks, functions on the processor."""


class Viewer(Beside, Protocol):
    """Whoever shows a moment."""

    def show(self, moment: Moment, /) -> None:
        """Show it instead of the last one."""


class Board:
    """Keeps the last rows of the tables that collectors write, and shows what they say."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._start_ns = time.perf_counter_ns()
        self._rows: dict[str, deque[Sequence[Any]]] = {
            kind: deque(maxlen=_MOST_ROWS) for kind in ("threads", "processes", "stacks", "native")
        }
        self._frames: list[Sequence[Any]] = []
        self._failed = False

    def over(self, sink: Sink) -> Sink:
        """The sink, with what passes noted here."""
        return _Noted(sink, self)

    def note(self, kind: str, rows: Iterable[Sequence[object]]) -> None:
        """Remember rows of a table; any thread may call it."""
        if kind == "frames":
            self._frames.extend(islice(rows, max(0, _MOST_FRAMES - len(self._frames))))
        elif kind in self._rows:
            self._rows[kind].extend(rows)

    def look(self, now_ns: int) -> None:
        """Show what was seen lately; a mistake here costs the view, not the measurement."""
        if not self._failed:
            try:
                self._viewer.show(self._moment(now_ns))
            except FAULTS:
                self._failed = True
                self._viewer.give_way()

    def _moment(self, now_ns: int) -> Moment:
        recent = {kind: self._recent(kind, now_ns) for kind in self._rows}
        last = {row[1]: row for row in recent["processes"]}.values()
        seconds = _seconds(recent["threads"])
        return Moment(
            elapsed_s=(now_ns - self._start_ns) / 1e9,
            busy_cores=_busy_cores(recent["processes"]),
            rss_bytes=sum(row[_RSS] for row in last) if last else None,
            threads=sum(row[_THREADS] for row in last) if last else None,
            processes=len(last) or None,
            clocks=_shares(seconds),
            places=self._places(recent["stacks"]) or _native_places(recent["native"]),
        )

    def _recent(self, kind: str, now_ns: int) -> list[Sequence[Any]]:
        return [row for row in list(self._rows[kind]) if row[0] >= now_ns - _RECENT_NS]

    def _places(self, stacks: Sequence[Sequence[Any]]) -> tuple[Doing, ...]:
        counts = Counter(row[_NODE] for row in stacks if 0 <= row[_NODE] < len(self._frames))
        found: Counter[tuple[str, str, int]] = Counter()
        for node, count in counts.items():
            _, function, file, line = self._frames[self._site(node)]
            found[function, file, line] += count
        return _most(found)

    def _site(self, node: int) -> int:
        """The innermost frame of the program's own code, else the innermost of all."""
        at = node
        while at >= 0:
            parent, _, file, _ = self._frames[at]
            if is_own(file):
                return at
            at = parent
        return node


_RSS, _THREADS, _NODE = 8, 3, 3
"""Places of columns in rows of processes and stacks."""


class _Noted:
    """A sink whose tables are noted on the board."""

    def __init__(self, sink: Sink, board: Board) -> None:
        self._sink, self._board = sink, board

    @property
    def samples(self) -> SampleSink:
        return self._sink.samples

    def artifact(self, file: str, *, collector: str, media_type: str) -> Path:
        return self._sink.artifact(file, collector=collector, media_type=media_type)

    def table(self, kind: str, /) -> Table:
        return _NotedTable(self._sink.table(kind), kind, self._board)


class _NotedTable:
    def __init__(self, table: Table, kind: str, board: Board) -> None:
        self._table, self._kind, self._board = table, kind, board

    def append(self, *row: object) -> None:
        self._table.append(*row)
        self._board.note(self._kind, (row,))

    def extend(self, rows: Iterable[Sequence[object]], /) -> None:
        kept = list(rows)
        self._table.extend(kept)
        self._board.note(self._kind, kept)


def _seconds(rows: Sequence[Sequence[Any]]) -> Mapping[Clock, float]:
    """Time of all threads by clock."""
    _, schema = FILES["threads"]
    if not rows:
        return {}
    columns = [pa.array(column, type=field.type) for column, field in zip(zip(*rows, strict=True), schema, strict=True)]
    table = as_table([pa.RecordBatch.from_arrays(columns, schema=schema)], schema, "the last moments")
    return dict(zip(CLOCKS, total_seconds(thread_clocks(table)).tolist(), strict=True))


def _shares(seconds: Mapping[Clock, float]) -> tuple[tuple[Clock, float], ...]:
    whole = sum(seconds.values())
    shares = [(clock, one / whole) for clock, one in seconds.items() if whole and one / whole >= _LEAST_SHARE]
    return tuple(sorted(shares, key=lambda pair: -pair[1]))


def _busy_cores(rows: Sequence[Sequence[Any]]) -> float | None:
    """Processor time of all processes that were seen twice, over the time that passed."""
    first: dict[int, Sequence[Any]] = {}
    last: dict[int, Sequence[Any]] = {}
    for row in rows:
        first.setdefault(row[1], row)
        last[row[1]] = row
    rates = [
        (sum(last[pid][4:6]) - sum(first[pid][4:6])) / (last[pid][0] - first[pid][0])
        for pid in last
        if last[pid][0] > first[pid][0]
    ]
    return sum(rates) if rates else None


def _native_places(rows: Sequence[Sequence[Any]]) -> tuple[Doing, ...]:
    return _most(Counter((row[3], row[4], 0) for row in rows))


def _most(found: Counter[tuple[str, str, int]]) -> tuple[Doing, ...]:
    whole = found.total()
    return tuple(
        Doing(function=function, file=file, line=line, share=count / whole)
        for (function, file, line), count in found.most_common(_MOST_PLACES)
    )
