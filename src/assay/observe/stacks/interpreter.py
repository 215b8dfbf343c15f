"""The Python interpreter inside a running process: its version, and where its state lies."""

from __future__ import annotations

import mmap
import os
import re
import struct
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from assay.observe.stacks.layouts import SELF_DESCRIPTION_BYTES, Layout, layout_of
from assay.observe.tree.elf import Elf

_RUNTIME, _CODE_TYPE, _VERSION = "_PyRuntime", "PyCode_Type", "Py_Version"
_MAPPING = re.compile(r"([0-9a-f]+)-[0-9a-f]+ \S+ 00000000 \S+ \d+ +(/.*)")
"""A line of ``maps`` that maps a file from its beginning."""
_PROGRAM = re.compile(r"(?:lib)?python(\d)\.(\d+)")
_MOST_MAPS_BYTES = 4 << 20


class Interpreter(NamedTuple):
    """An interpreter that can be read."""

    version: tuple[int, int]
    runtime: int
    """Address of ``_PyRuntime`` in the process."""
    layout: Layout


class Unknown(NamedTuple):
    """A process whose stacks can't be read this way."""

    reason: str


def find_interpreter(pid: int, proc: Path = Path("/proc")) -> Interpreter | Unknown:
    """The interpreter of a process, as it is now: one that has just been started may have none yet."""
    process = proc / str(pid)
    try:
        program = str((process / "exe").readlink())
        with (process / "maps").open("rb") as maps:
            mapped = _mapped_files(maps.read(_MOST_MAPS_BYTES).decode(errors="surrogateescape"))
    except OSError as error:
        return Unknown(f"process {pid} can't be read: {error.strerror}")
    for file, start in mapped.items():
        if file == program or _PROGRAM.match(Path(file).name):
            objects = _objects(process, file)
            if _RUNTIME in objects:
                here = {name: start + distance for name, distance in objects.items()}
                return _interpreter(process, here, file)
    return Unknown(f"no Python interpreter was found in process {pid}")


def _interpreter(process: Path, addresses: dict[str, int], file: str) -> Interpreter | Unknown:
    version = _version(process, addresses.get(_VERSION), file)
    if version is None:
        return Unknown(f"the version of the Python in {file} is not known")
    runtime = addresses[_RUNTIME]
    layout = layout_of(version, _memory(process, runtime, SELF_DESCRIPTION_BYTES))
    if layout is None:
        return Unknown(f"how Python {version[0]}.{version[1]} lays out its state is not known")
    return Interpreter(version, runtime, layout._replace(code_type=addresses.get(_CODE_TYPE, 0)))


def _mapped_files(maps: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in maps.splitlines():
        if match := _MAPPING.fullmatch(line):
            found.setdefault(match.group(2), int(match.group(1), 16))
    return found


def _objects(process: Path, file: str) -> dict[str, int]:
    """Where the objects that matter lie in a file once it is mapped, as distances from its first byte."""
    # through the process's own root, which may be a container's
    path = Path(f"{process}/root{file}")
    try:
        status = path.stat()
    except OSError:
        return {}
    return _objects_of(path, (status.st_dev, status.st_ino, status.st_mtime_ns))


@lru_cache(maxsize=64)
def _objects_of(path: Path, _identity: tuple[int, int, int]) -> dict[str, int]:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            elf = Elf(data)
            found = {name: elf.symbol(name.encode()) for name in (_RUNTIME, _CODE_TYPE, _VERSION)}
            return {name: address - elf.first_address() for name, address in found.items() if address is not None}
    except (OSError, ValueError, struct.error):  # no program of 64 bits, or a damaged one
        return {}


def _version(process: Path, address: int | None, file: str) -> tuple[int, int] | None:
    """As the interpreter says since 3.11; before that its file's name does."""
    if address is not None:
        number = int.from_bytes(_memory(process, address, 4), "little")
        return number >> 24, (number >> 16) & 255
    match = _PROGRAM.match(Path(file).name)
    return (int(match.group(1)), int(match.group(2))) if match else None


def _memory(process: Path, address: int, size: int) -> bytes:
    try:
        descriptor = os.open(process / "mem", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return os.pread(descriptor, size, address)
    except (OSError, OverflowError):
        return b""
    finally:
        os.close(descriptor)
