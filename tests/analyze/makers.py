"""Raw tables of runs that never ran: a thread's life is told in pieces, and sampled as collectors would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
from msgspec import Struct

from assay.analyze.evidence.gather import Evidence
from assay.analyze.evidence.sources import Sources
from assay.analyze.evidence.tables import Table, as_table
from assay.record.diagnosis.raw import FILES

MS = 1_000_000
FILE = "/home/me/job.py"
LIBRARY = "/usr/lib/python3.11"

Frame = tuple[str, str, int]
"""File, function, line."""


class Piece(Struct, kw_only=True):
    """What a thread did for a while."""

    ms: int
    stack: tuple[Frame, ...] = ()
    """Outermost first; none while no Python ran."""
    wait: str = ""
    """Empty while it computes; else one of the keys of WAITS."""
    symbol: str = ""
    """Native function on the processor while it computes."""


WAITS: dict[str, tuple[str, int, str | None, bool | None]] = {
    "": ("R", -1, None, None),
    "queued": ("R", -1, None, None),
    "sleep": ("S", 230, None, None),
    "network": ("S", 45, "tcp:127.0.0.1:80", None),
    "lock": ("S", 202, "futex:0x7f0010@[heap]", False),
    "gil": ("S", 202, "futex:0x55aa10@/usr/lib/libpython3.11.so.1.0", True),
    "disk": ("D", 74, "/data/file", None),
    "child": ("S", 61, None, None),
    "pipe": ("S", 0, "pipe", None),
}
"""State, system call, its object, and whether it has a time limit."""


def frame(function: str, line: int, file: str = FILE) -> Frame:
    """A frame of the target's own code."""
    return (file, function, line)


def table(kind: str, rows: Sequence[Mapping[str, object]]) -> Table:
    """A raw table of those rows; columns that are left out are null."""
    _, schema = FILES[kind]
    full = [{field.name: row.get(field.name) for field in schema} for row in rows]
    return as_table([pa.RecordBatch.from_pylist(full, schema=schema)], schema, "test")


def make_evidence(
    *threads: Sequence[Piece],
    tables: dict[str, Table] | None = None,
    sources: dict[str, str] | None = None,
    cores: int = 4,
    look_ms: int = 20,
    sample_ms: int = 10,
) -> Evidence:
    """A run of one process: each thread's pieces start at 0; the first thread is the main one."""
    frames = _Frames()
    looks: list[dict[str, object]] = []
    stacks: list[dict[str, object]] = []
    native: list[dict[str, object]] = []
    for number, pieces in enumerate(threads):
        tid = 100 + number
        looks += _looks(pieces, tid, look_ms)
        stacks += _stacks(pieces, tid, sample_ms, frames)
        native += _native(pieces, tid)
    end_ns = max(sum(piece.ms for piece in pieces) for pieces in threads) * MS
    made = {"threads": table("threads", looks), "stacks": table("stacks", stacks)}
    made["frames"] = table("frames", frames.rows)
    if native:
        made["native"] = table("native", native)
    return Evidence(
        start_ns=0,
        end_ns=end_ns,
        root=(100, 100),
        cores=cores,
        tables={**made, **(tables or {})},
        sources=Sources(sources or {}),
    )


class _Frames:
    """Rows of the frames table."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []
        self._known: dict[tuple[int, Frame], int] = {}

    def node(self, stack: tuple[Frame, ...]) -> int:
        parent = -1
        for one in stack:
            if (parent, one) not in self._known:
                self._known[parent, one] = len(self.rows)
                self.rows.append({"parent": parent, "file": one[0], "function": one[1], "line": one[2]})
            parent = self._known[parent, one]
        return parent


def _at(pieces: Sequence[Piece], ms: float) -> Piece:
    for piece in pieces:
        if ms < piece.ms:
            return piece
        ms -= piece.ms
    return pieces[-1]


def _spent(pieces: Sequence[Piece], ms: int, wait: str) -> int:
    """Nanoseconds with that wait up to a moment."""
    total = 0
    for piece in pieces:
        part = min(ms, piece.ms)
        total += part if piece.wait == wait else 0
        ms -= part
    return total * MS


def _looks(pieces: Sequence[Piece], tid: int, step_ms: int) -> list[dict[str, object]]:
    length = sum(piece.ms for piece in pieces)
    rows: list[dict[str, object]] = []
    for ms in [*range(0, length, step_ms), length]:
        state, call, target, timed = WAITS[_at(pieces, ms).wait]
        rows.append(
            {
                "time_ns": ms * MS,
                "pid": 100,
                "tid": tid,
                "state": state,
                "cpu_ns": _spent(pieces, ms, ""),
                "delay_ns": _spent(pieces, ms, "queued"),
                "call": call,
                "object": target,
                "timed": timed,
            }
        )
    return rows


def _stacks(pieces: Sequence[Piece], tid: int, step_ms: int, frames: _Frames) -> list[dict[str, object]]:
    length = sum(piece.ms for piece in pieces)
    rows: list[dict[str, object]] = []
    for ms in range(step_ms // 2, length, step_ms):
        piece = _at(pieces, ms)
        if piece.stack:
            node = frames.node(piece.stack)
            awake = piece.wait in ("", "queued")
            rows.append({"time_ns": ms * MS, "pid": 100, "tid": tid, "node": node, "running": awake})
    return rows


def _native(pieces: Sequence[Piece], tid: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for ms in range(2, sum(piece.ms for piece in pieces), 5):
        piece = _at(pieces, ms)
        if piece.symbol and piece.wait == "":
            row = {"time_ns": ms * MS, "pid": 100, "tid": tid, "symbol": piece.symbol, "library": "libpython3.11.so"}
            rows.append(dict(row))
    return rows


def processes_of(*, cpu_ms: int, wall_ms: int, **columns: Sequence[int]) -> dict[str, Table]:
    """The processes table of one process that is looked at every 100 ms; ``columns`` give other readings."""
    rows: list[dict[str, object]] = []
    for number, ms in enumerate(range(0, wall_ms + 1, 100)):
        row: dict[str, object] = dict.fromkeys(_ZEROES, 0)
        row |= {"time_ns": ms * MS, "pid": 100, "state": "R", "threads": 2, "user_ns": cpu_ms * MS * ms // wall_ms}
        rows.append(row | {name: values[number] for name, values in columns.items()})
    return {"processes": table("processes", rows)}


_ZEROES = (
    *("system_ns", "children_user_ns", "children_system_ns", "rss_bytes", "minor_faults", "major_faults"),
    *("read_calls", "write_calls", "read_chars", "written_chars"),
)
