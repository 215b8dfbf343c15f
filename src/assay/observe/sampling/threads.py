"""One row per thread and look: its state, its time on a processor and in the queue for one, and what it waits for."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable

from assay.observe.sampling.held import HIDDEN, Budget, Held
from assay.observe.sampling.objects import Objects
from assay.observe.sampling.sockets import Networks
from assay.observe.sampling.syscalls import Call, calls_by_number, is_limited
from assay.observe.tree.proc import TICK_NS, parse_stat, read, readable

Row = tuple[object, ...]
"""A row of ``record.diagnosis.raw.THREADS``."""

MOST_THREADS = 512
"""Threads read in one look, so that a target that starts them without end can't hold up its observer."""
_FILES = ("schedstat", "syscall", "stat", "wchan")
_SCHEDSTAT, _SYSCALL, _STAT, _WCHAN = range(4)
_RUNNING = b"running\n"
_RUNS = -1
_GONE = frozenset("ZX")


class Thread:
    """One thread, read again and again; while it has not run since the last time, it is known what it waits for."""

    def __init__(self, pid: int, tid: int, budget: Budget) -> None:
        self._pid, self._tid = pid, tid
        self._held = Held(f"/proc/{pid}/task/{tid}", _FILES, budget)
        self._before: tuple[bytes | None, bytes | None] = (None, None)
        self._rest: Row = ()
        self.calls_hidden = False

    def look(self, objects: Objects, calls: dict[int, Call]) -> Row | None:
        """Its row now; None once it is gone."""
        now_ns = time.perf_counter_ns()
        schedule, call = self._held.read(_SCHEDSTAT), self._held.read(_SYSCALL)
        asleep_still = (schedule, call) == self._before and call not in {_RUNNING, HIDDEN, None}
        if not asleep_still:
            rest = self._read(schedule, call, objects, calls)
            if rest is None:
                return None
            self._rest, self._before = rest, (schedule, call)
        return (now_ns, self._pid, self._tid, *self._rest)

    def close(self) -> None:
        """Let its files go."""
        self._held.close()

    def _read(self, schedule: bytes | None, call: bytes | None, objects: Objects, calls: dict[int, Call]) -> Row | None:
        data = self._held.read(_STAT)
        if not data:
            return None
        stat = parse_stat(data)
        if stat.state in _GONE:
            return None
        on_cpu_ns, queued_ns = _times(schedule)
        if not on_cpu_ns:  # a kernel without these counters writes zeros
            on_cpu_ns = (stat.number(14) + stat.number(15)) * TICK_NS
        if call is None or call == HIDDEN:
            self.calls_hidden = call == HIDDEN
            return (stat.state, on_cpu_ns, queued_ns, None, None, None, self._wait(stat.state))
        if stat.state == "R" or call == _RUNNING:
            return (stat.state, on_cpu_ns, queued_ns, _RUNS, None, None, None)
        number, subject, limited = _described(call, objects, calls)
        return (stat.state, on_cpu_ns, queued_ns, number, subject, limited, self._wait(stat.state))

    def _wait(self, state: str) -> str | None:
        """The kernel function it sleeps in; null while it runs, or where it is not ours to know."""
        found = None if state == "R" else self._held.read(_WCHAN)
        return readable(found) if found and found != b"0" else None


class Threads:
    """All threads of some processes."""

    def __init__(self) -> None:
        self._budget = Budget()
        self._calls = calls_by_number()
        self._networks = Networks()
        self._threads: dict[int, dict[int, Thread]] = {}
        self._objects: dict[int, Objects] = {}
        self._last_started: bytes | None = None
        self.calls_hidden = False
        """Whether the system calls of some thread were not ours to read."""
        self.cut_off = False
        """Whether there once were more threads than are read."""

    def look(self, pids: Iterable[int]) -> list[Row]:
        """One row for every thread of these processes."""
        self._find(list(pids))
        rows = []
        for pid, threads in self._threads.items():
            for tid, thread in list(threads.items()):
                row = thread.look(self._objects[pid], self._calls)
                if row is None:
                    threads.pop(tid).close()
                else:
                    rows.append(row)
                    self.calls_hidden |= thread.calls_hidden
        return rows

    def close(self) -> None:
        """Let all files go."""
        for pid in list(self._threads):
            self._forget(pid)

    def _find(self, pids: list[int]) -> None:
        """Bring the threads up to date; they are listed only where a process or thread was started somewhere."""
        for pid in self._threads.keys() - set(pids):
            self._forget(pid)
        last_started = (read("/proc/loadavg") or b"").rpartition(b" ")[2]
        listed = pids if last_started != self._last_started else [pid for pid in pids if pid not in self._threads]
        self._last_started = last_started
        for pid in listed:
            self._list(pid)

    def _list(self, pid: int) -> None:
        known = self._threads.setdefault(pid, {})
        if pid not in self._objects:
            self._objects[pid] = Objects(pid, self._networks.of(pid))
        room = MOST_THREADS - sum(map(len, self._threads.values()))
        news = [tid for tid in _thread_ids(pid) if tid not in known]
        self.cut_off |= len(news) > room
        known.update((tid, Thread(pid, tid, self._budget)) for tid in news[: max(0, room)])

    def _forget(self, pid: int) -> None:
        for thread in self._threads.pop(pid, {}).values():
            thread.close()
        self._objects.pop(pid, None)


def _thread_ids(pid: int) -> list[int]:
    try:
        return [int(name) for name in os.listdir(f"/proc/{pid}/task")]  # noqa: PTH208 - names alone, many times a second
    except OSError:
        return []


def _times(schedule: bytes | None) -> tuple[int | None, int | None]:
    words = (schedule or b"").split()
    return (int(words[0]), int(words[1])) if len(words) > 1 else (None, None)


def _described(line: bytes, objects: Objects, calls: dict[int, Call]) -> tuple[int, str | None, bool | None]:
    """Number, object and time limit of the call that a thread sleeps in."""
    number, *words = line.split()
    call = calls.get(int(number))
    if call is None or len(words) < 6:
        return int(number), None, None
    arguments = [int(word, 16) for word in words[:6]]
    return int(number), objects.name(call, arguments, time.perf_counter_ns()), is_limited(call, arguments)
