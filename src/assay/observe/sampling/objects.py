"""What a waiting thread waits for: the file, socket, pipe, lock or child behind the arguments of its system call."""

from __future__ import annotations

import os
import struct

from assay.observe.sampling.mappings import Mappings
from assay.observe.sampling.sockets import Sockets
from assay.observe.sampling.syscalls import Call, Subject
from assay.observe.tree.proc import link, read

_POLLED = struct.Struct("<ihh")
_MOST_POLLED = 64
_MOST_SELECTED_BYTES = 128


class Objects:
    """Names of what the threads of one process wait for."""

    def __init__(self, pid: int, sockets: Sockets) -> None:
        self._pid = pid
        self._mappings = Mappings(pid)
        self._sockets = sockets

    def name(self, call: Call, arguments: list[int], now_ns: int) -> str | None:
        """The object of the call; None where it has none, or it can't be read."""
        argument = arguments[call.argument]
        match call.subject:
            case Subject.DESCRIPTOR:
                return self._descriptor(argument & 0xFFFF_FFFF, now_ns)
            case Subject.FUTEX:
                return f"futex:{argument:#x}@{self._mappings.name_of(argument, now_ns)}"
            case Subject.POLL:
                return self._several("poll", self._polled(argument, arguments[1]), now_ns)
            case Subject.SELECT:
                return self._several("select", self._selected(argument, arguments[1:3]), now_ns)
            case Subject.EPOLL:
                return self._several("epoll", self._watched(argument & 0xFFFF_FFFF), now_ns)
            case Subject.CHILD:
                return "child"
            case Subject.NOTHING:
                return None

    def _descriptor(self, number: int, now_ns: int) -> str | None:
        target = link(f"/proc/{self._pid}/fd/{number}")
        if target is None:
            return None
        kind, _, inode = target.partition(":[")
        if kind == "socket" and inode[:-1].isdigit():
            return self._sockets.name_of(int(inode[:-1]), self._pid, now_ns)
        if kind == "pipe":
            return "pipe"
        return target.removeprefix("anon_inode:").strip("[]") if target.startswith("anon_inode:") else target

    def _several(self, how: str, numbers: list[int] | None, now_ns: int) -> str:
        """One object by its name; of several, their kinds."""
        names = [name for number in numbers or () if (name := self._descriptor(number, now_ns)) is not None]
        if len(names) == 1:
            return names[0]
        kinds = sorted({kind_of(name) for name in names})
        return f"{how}:{'+'.join(kinds)}" if kinds else how

    def _polled(self, address: int, count: int) -> list[int] | None:
        data = self._memory(address, min(count, _MOST_POLLED) * _POLLED.size)
        whole = len(data) // _POLLED.size * _POLLED.size
        return [number for number, _, _ in _POLLED.iter_unpack(data[:whole]) if number >= 0]

    def _selected(self, count: int, sets: list[int]) -> list[int]:
        """Members of the sets to read from and to write to."""
        size = min((min(count, 1 << 20) + 7) // 8, _MOST_SELECTED_BYTES)
        bits = 0
        for address in sets:
            bits |= int.from_bytes(self._memory(address, size), "little") if address else 0
        return [number for number in range(bits.bit_length()) if bits >> number & 1][:_MOST_POLLED]

    def _watched(self, number: int) -> list[int]:
        lines = (read(f"/proc/{self._pid}/fdinfo/{number}") or b"").splitlines()
        return [int(line.split()[1]) for line in lines if line.startswith(b"tfd:")][:_MOST_POLLED]

    def _memory(self, address: int, size: int) -> bytes:
        """Some bytes of the process's memory, which are read and never kept; empty where that is not permitted."""
        try:
            descriptor = os.open(f"/proc/{self._pid}/mem", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return b""
        try:
            return os.pread(descriptor, size, address) if 0 < address < 1 << 63 else b""
        except OSError:
            return b""
        finally:
            os.close(descriptor)


def kind_of(name: str) -> str:
    """The kind of a named object: what stands before its address, or ``file``."""
    return "file" if name.startswith("/") else name.partition(":")[0]
