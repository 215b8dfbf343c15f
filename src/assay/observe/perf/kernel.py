"""Names of the kernel's functions by address, read once for each start of the machine.

The kernel takes 45 ms to print them and perf as long to read them, at every one of its starts; here they are read when
the first address has to be named, and kept in the user's cache until the machine is started again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assay.settings import cache_folder
from assay.settings.cache import keep_file

_SYMBOLS = Path("/proc/kallsyms")
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_MODULES = Path("/proc/modules")
_CODE = frozenset(b"tTwW")
_MARK = b"assay kernel symbols 1\n"


class _Table(NamedTuple):
    addresses: NDArray[np.int64]
    """Where each function begins, ascending; addresses of the kernel are negative so."""
    names: list[bytes]


class KernelSymbols:
    """Names addresses; it reads nothing before it is asked for the first time."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self._variables = variables
        self._table: _Table | None = None

    def name(self, address: int) -> str | None:
        """The function at that address; None where the kernel does not tell this user."""
        if self._table is None:
            self._table = _loaded(_kept_file(self._variables))
        wanted = address - (1 << 64) if address >> 63 else address
        place = int(np.searchsorted(self._table.addresses, wanted, side="right")) - 1
        return self._table.names[place].decode(errors="replace") if place >= 0 else None


def _loaded(file: Path | None) -> _Table:
    """The names as they were kept, else as the kernel prints them."""
    try:
        content = file.read_bytes() if file is not None else b""
    except OSError:
        content = b""
    table = _unpacked(content)
    if table is None:
        table = _read()
        if file is not None and table.names:
            keep_file(file, _MARK + b"%d\n" % len(table.names) + table.addresses.tobytes() + b"\n".join(table.names))
    return table


def _unpacked(content: bytes) -> _Table | None:
    """The table in a file that was kept; None where that is damaged."""
    if not content.startswith(_MARK):
        return None
    count, _, rest = content[len(_MARK) :].partition(b"\n")
    if not count.isdigit() or len(rest) < 8 * int(count):
        return None
    names = rest[8 * int(count) :].split(b"\n")
    return _Table(np.frombuffer(rest, np.int64, int(count)), names) if len(names) == int(count) else None


def _read() -> _Table:
    """What the kernel prints, functions alone; nothing where it hides their addresses."""
    try:
        lines = _SYMBOLS.read_bytes().splitlines()
    except OSError:
        lines = []
    found = sorted(
        (int.from_bytes(bytes.fromhex(line[:16].decode()), "big", signed=True), line[19:].partition(b"\t")[0])
        for line in lines
        if len(line) > 19 and line[17] in _CODE and line[:16] != b"0" * 16
    )
    addresses, names = zip(*found, strict=True) if found else ((), ())
    return _Table(np.array(addresses, np.int64), list(names))


def _kept_file(variables: Mapping[str, str]) -> Path | None:
    """Where they are kept: under the start of the machine and the modules that the kernel has loaded since."""
    folder = cache_folder(variables)
    try:
        boot = _BOOT.read_bytes()
        modules = _MODULES.read_bytes() if _MODULES.exists() else b""
    except OSError:
        return None
    digest = hashlib.sha256(boot + b"\0".join(sorted(line.split()[0] for line in modules.splitlines())))
    return None if folder is None else folder / "kernel" / f"{digest.hexdigest()[:32]}.symbols"
