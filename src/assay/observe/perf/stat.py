"""perf counting one process's system calls, interval by interval."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterable
from typing import IO, NamedTuple

from assay.observe.perf.tool import end_tool, start_counting

INTERVAL_MS = 100
COUNTED = (
    *("read", "write", "pread64", "pwrite64", "readv", "writev", "open", "openat", "close", "lseek", "getdents64"),
    *("newstat", "newlstat", "newfstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink"),
    *("fsync", "fdatasync", "sync", "sync_file_range", "msync", "unlink", "unlinkat", "rename", "renameat2", "mkdir"),
    *("mmap", "munmap", "mremap", "brk", "madvise", "mprotect", "futex", "sched_yield", "clock_nanosleep"),
    *("nanosleep", "poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait", "ioctl"),
    *("socket", "connect", "accept", "accept4", "recvfrom", "recvmsg", "sendto", "sendmsg", "sendfile64"),
    *("clone", "clone3", "fork", "vfork", "execve", "wait4", "waitid", "kill", "io_uring_enter"),
)
"""System calls whose number tells a cause, by the kernel's names for their tracepoints."""
_END_PATIENCE_S = 2.0
_COMMON = {"newstat": "stat", "newlstat": "lstat", "newfstat": "fstat", "sendfile64": "sendfile"}


def common_name(name: str) -> str:
    """The name by which programs, manuals and rules know a call."""
    return _COMMON.get(name, name)


class CallCount(NamedTuple):
    """One count, as a row of the ``calls`` table."""

    start_ns: int
    end_ns: int
    name: str
    entries: int


class Line(NamedTuple):
    """One line of ``perf stat -I -x,``."""

    end_ns: int
    """Since perf began."""
    name: str
    entries: int


def read_line(text: str) -> Line | None:
    """What a line says; None for one without a count."""
    fields = text.split(",")
    if len(fields) < 4 or ":sys_enter_" not in fields[3]:
        return None
    try:
        seconds, _, nanoseconds = fields[0].strip().partition(".")
        end_ns = int(seconds) * 1_000_000_000 + int(nanoseconds.ljust(9, "0")[:9])
        return Line(end_ns, common_name(fields[3].partition(":sys_enter_")[2]), int(fields[1]))
    except ValueError:  # "<not counted>"
        return None


class PerfStat:
    """Counts system calls of a process and of those it starts from now on."""

    def __init__(self, perf: str, pid: int, names: Iterable[str]) -> None:
        source, target = os.pipe()
        words = [perf, "stat", "--interval-print", str(INTERVAL_MS), "--field-separator", ",", "--log-fd", str(target)]
        events = ",".join(f"syscalls:sys_enter_{name}" for name in names)
        words += ["--event", events, "--pid", str(pid)]
        self._process, self._control = start_counting(words, pass_fds=(target,))
        os.close(target)
        self._arrived: list[tuple[int, Line]] = []
        self._lock = threading.Lock()
        self._zero_ns: int | None = None
        self._thread = threading.Thread(target=self._read, args=(os.fdopen(source, "rb"),), daemon=True)
        self._thread.start()

    def wait_until_ready(self) -> bool:
        """Whether perf said in time that it counts."""
        return self._control.is_ready()

    def take(self) -> list[CallCount]:
        """What was counted since the last call; calls that did not happen are left out."""
        with self._lock:
            arrived, self._arrived = self._arrived, []
        for arrived_ns, line in arrived:
            # no line can come before its interval has ended: the earliest arrival is the best estimate of the start
            zero_ns = arrived_ns - line.end_ns
            self._zero_ns = zero_ns if self._zero_ns is None else min(self._zero_ns, zero_ns)
        return [self._count(line) for _, line in arrived if line.entries]

    def close(self) -> str:
        """End it; what perf complained about, if it did."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGINT)
        self._thread.join(_END_PATIENCE_S)
        complaint = end_tool(self._process)
        self._thread.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._control.close()
        return complaint

    def _read(self, lines: IO[bytes]) -> None:
        with lines:
            for text in lines:
                self._arrive(time.perf_counter_ns(), read_line(text.decode(errors="replace")))

    def _arrive(self, arrived_ns: int, line: Line | None) -> None:
        if line is not None:
            with self._lock:
                self._arrived.append((arrived_ns, line))

    def _count(self, line: Line) -> CallCount:
        end_ns = (self._zero_ns or 0) + line.end_ns
        return CallCount(end_ns - INTERVAL_MS * 1_000_000, end_ns, line.name, line.entries)
