"""What ``/proc`` says about one process: parsed, never interpreted."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct

PROC = Path("/proc")
TICK_NS = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
OVER = frozenset("ZX")
"""States of a process that has ended and only waits to be asked for."""


class Stat(Struct, frozen=True):
    """``/proc/PID/stat`` or that of a thread: its name and the fields after it, numbered as in proc(5) from 3."""

    name: str
    fields: list[bytes]

    def number(self, field: int) -> int:
        """The field of that number as proc(5) counts them."""
        return int(self.fields[field - 3])

    @property
    def state(self) -> str:
        """State letter of the kernel."""
        return self.fields[0].decode()

    @property
    def is_over(self) -> bool:
        """Whether it has ended; where only its first thread has, it goes on."""
        return self.state in OVER and self.number(20) <= 1

    @property
    def parent(self) -> int:
        """Process id of its parent."""
        return self.number(4)

    @property
    def group(self) -> int:
        """Its process group."""
        return self.number(5)

    @property
    def start_ticks(self) -> int:
        """When it was started, in ticks since boot."""
        return self.number(22)

    @property
    def image(self) -> tuple[int, int]:
        """Two addresses of the program in memory, which change when another one is loaded; zero where hidden."""
        return self.number(26), self.number(28)


def parse_stat(data: bytes) -> Stat:
    """The name in parentheses may hold anything, spaces and parentheses too; fields are counted after the last one."""
    head, _, rest = data.rpartition(b")")
    return Stat(readable(head.partition(b"(")[2]), rest.split())


def stat_of(pid: int) -> Stat | None:
    """The process's stat; None once it is gone."""
    data = read(f"/proc/{pid}/stat")
    return parse_stat(data) if data else None


def read(path: str) -> bytes | None:
    """A small file of ``/proc``; None where it is gone or not ours to read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        data = b""
        while piece := os.read(descriptor, 1 << 16):
            data += piece
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return data


def link(path: str) -> str | None:
    """Where a link of ``/proc`` points; None where it is gone or not ours to follow."""
    try:
        return readable(os.readlink(os.fsencode(path)))  # noqa: PTH115 - as bytes, many times a second
    except OSError:
        return None


def words_of(pid: int) -> tuple[str, ...] | None:
    """Command line of a process; None where it is gone or not ours to read."""
    data = read(f"/proc/{pid}/cmdline")
    if not data:  # a kernel thread, or a program that is just being loaded, has no words
        return None if data is None else ()
    return tuple(readable(word) for word in data.removesuffix(b"\0").split(b"\0"))


def readable(data: bytes) -> str:
    """Bytes that the target chose, as text that UTF-8 can hold, without null characters."""
    return data.decode("utf-8", "backslashreplace").replace("\0", "\\x00")


def children_of(pid: int) -> list[int]:
    """Processes that some thread of this one started and that are still its children."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - names alone are wanted, many times a second
    except OSError:
        return []
    found: list[int] = []
    for thread in threads:
        found += map(int, (read(f"/proc/{pid}/task/{thread}/children") or b"").split())
    return found
