"""Which Python a process runs: decided from the files it has mapped, never from its name or its words."""

from __future__ import annotations

import mmap
import os
import re
import struct

from assay.observe.tree.elf import Elf
from assay.observe.tree.proc import read

_LIBRARY = re.compile(rb"(/[^\n]*/libpython[23]?(?:\.\d+)?[a-z]*\.(?:so[.\d]*|dylib))$", re.MULTILINE)
_FOLDER = re.compile(rb"lib/python([23])\.?(\d{1,2})")
_FINAL = 0xF
_LEVELS = {0xA: "a", 0xB: "b", 0xC: "rc"}
_MOST_KNOWN = 256
_known: dict[tuple[int, int, int, int], str | None] = {}
"""What files turned out to be, by what the kernel knows them by: a replaced file is another one."""


def python_of(pid: int) -> str | None:
    """Version of the Python that the process runs, such as ``3.11.2``; None where it runs none, or hides its files."""
    libraries = set(_LIBRARY.findall(read(f"/proc/{pid}/maps") or b""))
    paths = [f"/proc/{pid}/exe", *(f"/proc/{pid}/root{os.fsdecode(path)}" for path in sorted(libraries))]
    return next((version for path in paths if (version := _version_in(path)) is not None), None)


def _version_in(path: str) -> str | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        there = os.fstat(descriptor)
        identity = (there.st_dev, there.st_ino, there.st_mtime_ns, there.st_size)
        if identity not in _known:
            if len(_known) >= _MOST_KNOWN:
                _known.clear()
            _known[identity] = _scan(descriptor) if there.st_size else None
        return _known[identity]
    finally:
        os.close(descriptor)


def _scan(descriptor: int) -> str | None:
    """What a binary that defines Python's entry points says of its version."""
    with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as data:
        try:
            elf = Elf(data)
            if elf.symbol(b"Py_Initialize") is None:
                return None
            address = elf.symbol(b"Py_Version")
            number = elf.bytes_at(address, 4) if address else b""
        except (ValueError, struct.error):
            return None
        return _spelled(int.from_bytes(number, "little")) if len(number) == 4 else _from_folder(data)


def _spelled(number: int) -> str:
    """``PY_VERSION_HEX`` as people write it."""
    major, minor, micro, level, serial = (
        number >> 24,
        number >> 16 & 255,
        number >> 8 & 255,
        number >> 4 & 15,
        number & 15,
    )
    suffix = "" if level == _FINAL else f"{_LEVELS.get(level, '?')}{serial}"
    return f"{major}.{minor}.{micro}{suffix}"


def _from_folder(data: mmap.mmap) -> str:
    """Before 3.11 nothing exported states the version; the folder of the standard library states half of it."""
    found = _FOLDER.search(data)
    return f"{found[1].decode()}.{found[2].decode()}" if found else "unknown"
