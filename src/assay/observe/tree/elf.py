"""Exported symbols of an ELF file: enough to ask a binary what it is without running it."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator

from msgspec import Struct

_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_SEGMENT = struct.Struct("<IIQQQQQQ")
_LOADED = 1
_DYNSYM = 11
_MAGIC = b"\x7fELF\x02\x01"
"""Of 64 bits, the lowest byte first: all that Assay is built for."""
_MOST_SECTIONS = 4096


class Section(Struct, frozen=True):
    """Where a section lies in the file and in memory."""

    kind: int
    address: int
    offset: int
    size: int
    linked: int


class Elf:
    """One mapped ELF file; ``ValueError`` or ``struct.error`` where it is none, or a damaged one."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        if data[:6] != _MAGIC:
            raise ValueError("no ELF file of 64 bits")
        header = _HEADER.unpack_from(data, 0)
        offset, size, count = header[6], header[11], min(header[12], _MOST_SECTIONS)
        self._sections = [self._section(offset + size * index) for index in range(count)]
        self._segments = (header[5], header[9], min(header[10], _MOST_SECTIONS))

    def first_address(self) -> int:
        """Address that the file's first byte has by its own account; what is mapped elsewhere has moved by as much."""
        offset, size, count = self._segments
        segments = (_SEGMENT.unpack_from(self._data, offset + size * index) for index in range(count))
        return min((address - start for kind, _, start, address, *_ in segments if kind == _LOADED), default=0)

    def symbol(self, name: bytes) -> int | None:
        """Address of a symbol that the file itself defines and exports; None where it does not."""
        tables = [section for section in self._sections if section.kind == _DYNSYM]
        entries = (entry for table in tables for entry in self._symbols(table, name))
        return next((entry[4] for entry in entries if entry[3]), None)

    def bytes_at(self, address: int, size: int) -> bytes:
        """What the file holds for an address in memory; empty where it holds nothing."""
        for section in self._sections:
            if section.address <= address < section.address + section.size and section.address:
                start = section.offset + address - section.address
                return self._data[start : start + size]
        return b""

    def _symbols(self, table: Section, name: bytes) -> Iterator[tuple[int, ...]]:
        """Entries of that name: offset of the name, two flags, section that defines it, address, size."""
        if table.linked >= len(self._sections):
            return
        wanted = self._offsets(self._sections[table.linked], name)
        if wanted:
            whole = table.size // _SYMBOL.size * _SYMBOL.size
            entries = _SYMBOL.iter_unpack(self._data[table.offset : table.offset + whole])
            yield from (entry for entry in entries if entry[0] in wanted)

    def _offsets(self, strings: Section, name: bytes) -> set[int]:
        """Where the name stands in a table of strings; as the end of a longer one, it may be meant too."""
        found, at, end = set(), strings.offset, strings.offset + strings.size
        while (at := self._data.find(name + b"\0", at, end)) >= 0:
            found.add(at - strings.offset)
            at += 1
        return found

    def _section(self, at: int) -> Section:
        _, kind, _, address, offset, size, linked, _, _, _ = _SECTION.unpack_from(self._data, at)
        return Section(kind, address, offset, size, linked)
