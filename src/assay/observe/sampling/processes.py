"""One row per process and look: its times, memory, faults, switches, input and output, descriptors."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable

from msgspec import Struct

from assay.observe.sampling.held import Budget, Held
from assay.observe.sampling.pace import Pace
from assay.observe.tree.proc import PAGE_BYTES, TICK_NS, Stat, parse_stat, read

Row = tuple[object, ...]
"""A row of ``record.diagnosis.raw.PROCESSES``."""

_FILES = ("stat", "status", "io")
_STAT, _STATUS, _IO = range(3)
_STATED = re.compile(rb"^(VmHWM|VmSwap|voluntary_ctxt_switches|nonvoluntary_ctxt_switches):\s+(\d+)", re.MULTILINE)
_COUNTED = re.compile(rb"^(rchar|wchar|syscr|syscw|read_bytes|write_bytes): (\d+)", re.MULTILINE)
_OWN = re.compile(rb"^Private_(?:Clean|Dirty):\s+(\d+) kB", re.MULTILINE)
_SWITCHES = (b"voluntary_ctxt_switches", b"nonvoluntary_ctxt_switches")
_TRAFFIC = (b"syscr", b"syscw", b"rchar", b"wchar", b"read_bytes", b"write_bytes")


class Look(Struct, frozen=True, kw_only=True):
    """One process at one moment."""

    row: Row
    cpu_s: float
    threads: int
    rss_bytes: int
    peak_rss_bytes: int


class Process:
    """One process, read again and again."""

    def __init__(self, pid: int, budget: Budget) -> None:
        self._pid = pid
        self._held = Held(f"/proc/{pid}", _FILES, budget)
        # the kernel walks all pages for it, holding what the process needs to get new ones: rare, and rarer if slow
        self._memory = Pace(fastest_ns=1_000_000_000, slowest_ns=60_000_000_000, share=0.002)
        self._descriptors = Pace(fastest_ns=50_000_000, slowest_ns=30_000_000_000, share=0.002)

    def look(self, now_ns: int) -> Look | None:
        """It now; None once it is gone."""
        data = self._held.read(_STAT)
        stat = parse_stat(data) if data else None
        if stat is None or stat.is_over:
            return None
        stated = _numbers(_STATED, self._held.read(_STATUS))
        counted = _numbers(_COUNTED, self._held.read(_IO))
        swap = stated.get(b"VmSwap")
        row = (
            *(now_ns, self._pid, *_from_stat(stat)),
            self._own_bytes(now_ns),
            None if swap is None else swap * 1024,
            *(stat.number(10), stat.number(12)),
            *(stated.get(name) for name in _SWITCHES),
            *(counted.get(name) for name in _TRAFFIC),
            self._open_descriptors(now_ns),
        )
        return Look(
            row=row,
            cpu_s=(stat.number(14) + stat.number(15)) * TICK_NS / 1e9,
            threads=stat.number(20),
            rss_bytes=stat.number(24) * PAGE_BYTES,
            peak_rss_bytes=stated.get(b"VmHWM", 0) * 1024,
        )

    def close(self) -> None:
        """Let its files go."""
        self._held.close()

    def _own_bytes(self, now_ns: int) -> int | None:
        if not self._memory.due(now_ns):
            return None
        with self._memory:
            data = read(f"/proc/{self._pid}/smaps_rollup")
        return sum(map(int, _OWN.findall(data))) * 1024 if data else None

    def _open_descriptors(self, now_ns: int) -> int | None:
        if not self._descriptors.due(now_ns):
            return None
        with self._descriptors:
            try:
                folder = f"/proc/{self._pid}/fd"
                # Linux counts them itself since 6.2
                return os.stat(folder).st_size or len(os.listdir(folder))  # noqa: PTH116, PTH208 - called very often
            except OSError:
                return None


class Processes:
    """Some processes, looked at together."""

    def __init__(self) -> None:
        self._budget = Budget()
        self._known: dict[int, Process] = {}

    def look(self, pids: Iterable[int]) -> list[Look]:
        """Those of these processes that are there, all at the same moment, so that they can be added up."""
        wanted = list(pids)
        for pid in self._known.keys() - set(wanted):
            self._known.pop(pid).close()
        for pid in wanted:
            if pid not in self._known:
                self._known[pid] = Process(pid, self._budget)
        now_ns = time.perf_counter_ns()
        looks = (self._known[pid].look(now_ns) for pid in wanted)
        return [look for look in looks if look is not None]

    def close(self) -> None:
        """Let all files go."""
        self.look(())


def _from_stat(stat: Stat) -> Row:
    """State, threads, times of itself and of children, resident memory, in the order of the table."""
    times_ns = (stat.number(field) * TICK_NS for field in (14, 15, 16, 17))
    return (stat.state, stat.number(20), *times_ns, stat.number(24) * PAGE_BYTES)


def _numbers(pattern: re.Pattern[bytes], data: bytes | None) -> dict[bytes, int]:
    return {name: int(value) for name, value in pattern.findall(data or b"")}
