"""Counting one process's system calls in the kernel, kind by kind, with no tool in between.

Every kind is one counter on the same tracepoint, the entry of any system call, with the numbers of its calls as a
filter: letting go of a tracepoint takes the kernel some 45 ms, whatever counted on it, and one for each call would be
seconds. Kinds are few, since every counter is handed on at each fork and put aside at each change of threads.
"""

from __future__ import annotations

import fcntl
import os
import platform
import struct
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from assay.observe.doctor.perf_events import open_event
from assay.observe.perf.tool import counting_obstacle, sees_kernel

KINDS: Mapping[str, Mapping[str, tuple[int | None, int | None]]] = {
    "fsync": {
        "fsync": (74, 82),
        "fdatasync": (75, 83),
        "sync_file_range": (277, 84),
        "msync": (26, 227),
        "sync": (162, 81),
        "syncfs": (306, 267),
    },
    "connect": {"connect": (42, 203)},
    "sendto": {
        "sendto": (44, 206),
        "sendmsg": (46, 211),
        "sendmmsg": (307, 269),
        "recvfrom": (45, 207),
        "recvmsg": (47, 212),
        "recvmmsg": (299, 243),
    },
    "openat": {
        "open": (2, None),
        "openat": (257, 56),
        "openat2": (437, 437),
        "stat": (4, None),
        "lstat": (6, None),
        "newfstatat": (262, 79),
        "statx": (332, 291),
        "access": (21, None),
        "faccessat": (269, 48),
        "faccessat2": (439, 439),
        "readlink": (89, None),
        "readlinkat": (267, 78),
        "getdents64": (217, 61),
    },
    "mmap": {"mmap": (9, 222), "munmap": (11, 215), "mremap": (25, 216), "brk": (12, 214), "madvise": (28, 233)},
}
"""Calls that are counted together, by the name that stands for them, with their numbers on x86_64 and on aarch64."""
_ANY = "any"
_COUNTED = (*KINDS, _ANY)
_MACHINES = ("x86_64", "aarch64")
_TRACEFS = (Path("/sys/kernel/tracing"), Path("/sys/kernel/debug/tracing"))
_ENTRY = "events/raw_syscalls/sys_enter/id"
_TRACEPOINT = 2
_INHERIT = 1 << 1
_SET_FILTER, _ENABLE, _DISABLE = 0x4008_2406, 0x2400, 0x2401
_COST_S = 0.25e-6
_SHARE = 0.01
_LEAST_S = 0.1
"""Shorter intervals say little about what will be."""
_MOST_RESTS = 19
_MOST_THREADS = 32
"""Threads of a process that ran before, each of which takes as many descriptors as there are kinds."""


class CallCount(NamedTuple):
    """One count, as a row of the ``calls`` table."""

    start_ns: int
    end_ns: int
    name: str
    entries: int


def entry_point() -> int | None:
    """The kernel's number for the entry of any system call; None where it does not let itself be asked."""
    for folder in _TRACEFS:
        try:
            return int((folder / _ENTRY).read_text())
        except (OSError, ValueError):
            continue
    return None


def counters_obstacle() -> str | None:
    """Why system calls can't be counted here; None where they can."""
    if (obstacle := counting_obstacle()) is not None:
        return obstacle
    if platform.machine() not in _MACHINES:
        return f"the numbers of system calls on {platform.machine()} are not known"
    if entry_point() is None:
        remedy = "run Assay as root, or: sudo mount -o remount,mode=755 /sys/kernel/tracing"
        return f"the kernel's tracepoints can't be read; {remedy}"
    if not sees_kernel():
        return "tracepoints are for root here; run: sudo sysctl kernel.perf_event_paranoid=-1"
    return None


class CallCounters:
    """Counts system calls of a process and of all that it starts from now on; ``OSError`` where it may not.

    Every call of any kind costs the target a quarter of a microsecond while it counts. A target that makes very many is
    counted for part of the time, and what it does meanwhile is taken to go on as before.
    """

    def __init__(self, pid: int, point: int) -> None:
        self._counters: list[tuple[str, int]] = []
        self._totals = dict.fromkeys(_COUNTED, 0)
        self._rates_hz = dict.fromkeys(KINDS, 0.0)
        self._from_ns = time.perf_counter_ns()
        self._rest = 0
        try:
            for tid in _threads(pid):
                self._counters += [(kind, _opened(tid, point, _filter(kind))) for kind in _COUNTED]
        except OSError:
            self.close()
            raise

    def take(self) -> list[CallCount]:
        """What was counted, or estimated, since the last call; kinds of which there were none are left out."""
        if not self._counters:
            return []
        now_ns = time.perf_counter_ns()
        elapsed_s = (now_ns - self._from_ns) / 1e9
        if self._rest:
            found = {kind: round(rate_hz * elapsed_s) for kind, rate_hz in self._rates_hz.items()}
            self._rest -= 1
            if not self._rest:
                self._switch(_ENABLE)
        else:
            found = self._counted()
            calls = found.pop(_ANY)
            if elapsed_s > _LEAST_S:
                self._rates_hz = {kind: entries / elapsed_s for kind, entries in found.items()}
                self._rest = min(_MOST_RESTS, int(calls / elapsed_s * _COST_S / _SHARE))
                self._switch(_DISABLE if self._rest else _ENABLE)
        counts = [CallCount(self._from_ns, now_ns, kind, entries) for kind, entries in found.items() if entries]
        self._from_ns = now_ns
        return counts

    def close(self) -> None:
        """Stop counting. The kernel takes a while to let go, for which nobody has to wait."""
        counters, self._counters = [counter for _, counter in self._counters], []
        threading.Thread(target=_close_all, args=(counters,)).start()

    def _counted(self) -> dict[str, int]:
        totals = dict.fromkeys(_COUNTED, 0)
        for kind, counter in self._counters:
            totals[kind] += struct.unpack("=Q", os.read(counter, 8))[0]
        found = {kind: totals[kind] - self._totals[kind] for kind in _COUNTED}
        self._totals = totals
        return found

    def _switch(self, order: int) -> None:
        for _, counter in self._counters:
            fcntl.ioctl(counter, order, 0)


def _close_all(counters: list[int]) -> None:
    for counter in counters:
        os.close(counter)


def _threads(pid: int) -> list[int]:
    """The process's threads; a counter of one is handed on only to threads that are started later."""
    return sorted(int(task.name) for task in Path(f"/proc/{pid}/task").iterdir())[:_MOST_THREADS]


def _filter(kind: str) -> bytes:
    if kind == _ANY:
        return b""
    place = _MACHINES.index(platform.machine())
    numbers = [both[place] for both in KINDS[kind].values()]
    return "||".join(f"id=={number}" for number in numbers if number is not None).encode()


def _opened(tid: int, point: int, wanted: bytes) -> int:
    """A counter of one thread that counts those calls alone; all of them without a filter."""
    counter = open_event(_TRACEPOINT, point, flags=_INHERIT, tid=tid)
    try:
        if wanted:
            fcntl.ioctl(counter, _SET_FILTER, wanted + b"\0")
    except OSError:
        os.close(counter)
        raise
    return counter
