"""Recordings of what this machine can't produce: rows at the collectors' own rates, through their own writers.

Other guests, idle processors and a crowd that has the machine to itself need another machine. The rows follow recorded
runs: what a busy loop reads in ``threads`` and ``processes``, with the numbers that the case is about put in.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from assay.analyze.evidence.gather import Evidence
from assay.analyze.evidence.sources import Sources
from assay.analyze.evidence.tables import Table, read_table
from assay.record.diagnosis.raw import FILES
from assay.store.drafts.tables import RawTables
from bench.diagnosis.corpus import PROGRAMS

Row = Sequence[object]
MS = 1_000_000
_ROOT = 1000
_FILE = "/home/me/tried/settle.py"
_SOURCE = PROGRAMS / "tried" / "settle.py"
_LINE = 7
"""The line of that program that computes."""


def _alone(seconds: int, cores: int, *, steal_share: float = 0.0) -> Evidence:
    """One thread that computes all the time."""
    times = range(0, seconds * 1000 + 1, 20)
    left = 1.0 - steal_share
    return _evidence(
        seconds,
        cores,
        threads=[(ms * MS, _ROOT, _ROOT, "R", int(ms * MS * left), 0, -1, None, None, None) for ms in times],
        processes=[_process(ms, _ROOT, 1, int(ms * MS * left)) for ms in times[::5]],
        stacks=[(ms * MS, _ROOT, _ROOT, 1, True) for ms in range(5, seconds * 1000, 10)],
        machine=_machine(seconds, steal_share),
    )


def _crowd(seconds: int, cores: int, workers: int) -> Evidence:
    """A parent that waits for workers, who share the processors evenly."""
    pids = [_ROOT + 1 + number for number in range(workers)]
    share = cores / workers
    times = range(0, seconds * 1000 + 1, 20)
    parent = [(ms * MS, _ROOT, _ROOT, "S", MS, 0, 61, "child", None, "do_wait") for ms in times]
    crowd = [
        (ms * MS, pid, pid, "R", int(ms * MS * share), int(ms * MS * (1 - share)), -1, None, None, None)
        for ms in times
        for pid in pids
    ]
    processes = [_process(ms, _ROOT, 1, MS) for ms in times[::5]]
    processes += [_process(ms, pid, 1, int(ms * MS * share)) for ms in times[::5] for pid in pids]
    machine = _machine(seconds, 0.0)
    return _evidence(seconds, cores, threads=[*parent, *crowd], processes=processes, machine=machine)


def _process(ms: int, pid: int, threads: int, cpu_ns: int) -> Row:
    own_bytes, rss_bytes, faults, switches = 7 << 20, 11 << 20, 1900, ms // 4
    traffic = (60, 1, 90_000, 8, 0, 0, 3)
    return (
        *(ms * MS, pid, "R", threads, cpu_ns, 0, 0, 0, rss_bytes, own_bytes, 0, faults, 0, 2, switches),
        *traffic,
    )


def _machine(seconds: int, steal_share: float) -> list[Row]:
    return [
        row
        for ms in range(0, seconds * 1000 + 1, 500)
        for row in (
            (ms * MS, "pressure_cpu_some_us", ms * 10.0),
            (ms * MS, "steal_s", ms / 1e3 * steal_share),
            (ms * MS, "group_throttled_us", 0.0),
        )
    ]


def _evidence(seconds: int, cores: int, **rows: Iterable[Row]) -> Evidence:
    frames = [(-1, "<module>", _FILE, 11), (0, "settle", _FILE, _LINE)]
    written = rows if "stacks" not in rows else {**rows, "frames": frames}
    return Evidence(
        start_ns=0,
        end_ns=seconds * 1000 * MS,
        root=(_ROOT, _ROOT),
        cores=cores,
        tables=dict(_tables(written)),
        sources=Sources({_FILE: _SOURCE.read_text("utf-8")} if "stacks" in rows else {}),
    )


def _tables(rows: Mapping[str, Iterable[Row]]) -> Iterator[tuple[str, Table]]:
    """Tables as the analysis reads them, of rows as collectors write them."""
    with tempfile.TemporaryDirectory() as folder:

        def announce(file: str, *, collector: str, media_type: str) -> Path:  # noqa: ARG001 - a draft's own way
            path = Path(folder) / file
            path.parent.mkdir(parents=True, exist_ok=True)
            return path

        tables = RawTables(announce)
        for kind, some in rows.items():
            tables.writer(kind).extend(some)
        tables.close()
        yield from ((kind, read_table(Path(folder) / FILES[kind][0], kind)) for kind in rows)


BUILT: Mapping[str, Callable[[], Evidence]] = {
    "built-one_of_eight": lambda: _alone(12, 8),
    "built-one_of_two": lambda: _alone(12, 2),
    "built-stolen": lambda: _alone(6, 2, steal_share=0.15),
    "built-crowd": lambda: _crowd(6, 2, 12),
    "built-crowd_that_fits": lambda: _crowd(6, 4, 4),
}
"""How each is made, by its name."""
