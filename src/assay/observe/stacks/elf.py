"""Addresses of named objects in a program or library, from the tables that the dynamic linker uses."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

_MAGIC = b"\x7fELF\x02\x01"
"""64 bits, little-endian: the only kind that is read."""
_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_SEGMENT = struct.Struct("<IIQQQQQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_DYNAMIC_SYMBOLS, _ALL_SYMBOLS, _LOADED = 11, 2, 1
_MOST_SECTIONS = 1024


class Objects(NamedTuple):
    """What a file says about names that were asked for."""

    first_address: int
    """Address that the file's first byte would have; what is mapped elsewhere has moved by the difference."""
    addresses: dict[str, int]
    """Of the names that are there."""


def find_objects(file: Path, names: Iterable[str]) -> Objects | None:
    """Where objects lie, by the file's own addresses; None for a file of another kind, or a damaged one."""
    try:
        with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _find(data, [name.encode() for name in names]) if data[:6] == _MAGIC else None
    except (OSError, ValueError, struct.error):
        return None


def _find(data: mmap.mmap, names: list[bytes]) -> Objects:
    header = _HEADER.unpack_from(data, 0)
    segments_at, sections_at, segment_count, section_count = header[5], header[6], header[10], header[12]
    found: dict[str, int] = {}
    tables = list(_tables(data, sections_at, min(section_count, _MOST_SECTIONS)))
    for kind in (_DYNAMIC_SYMBOLS, _ALL_SYMBOLS):
        for table_kind, symbols, strings in tables:
            if table_kind == kind and len(found) < len(names):
                found |= _named(symbols, strings, names)
    return Objects(_first_address(data, segments_at, segment_count), found)


def _tables(data: mmap.mmap, place: int, count: int) -> Iterator[tuple[int, bytes, bytes]]:
    """Each table of symbols: its kind, its entries, and the texts that they refer to."""
    sections = [_SECTION.unpack_from(data, place + number * _SECTION.size) for number in range(count)]
    for _, kind, _, _, offset, size, link, *_ in sections:
        if kind in {_DYNAMIC_SYMBOLS, _ALL_SYMBOLS} and link < count:
            texts_at, texts_size = sections[link][4], sections[link][5]
            yield kind, data[offset : offset + size], data[texts_at : texts_at + texts_size]


def _named(symbols: bytes, strings: bytes, names: list[bytes]) -> dict[str, int]:
    # a name may be the end of a longer one, and then lies inside of it
    wanted = {place: name.decode() for name in names for place in _places(strings, name + b"\0")}
    whole = symbols[: len(symbols) - len(symbols) % _SYMBOL.size]
    entries = _SYMBOL.iter_unpack(whole)
    return {wanted[entry[0]]: entry[4] for entry in entries if entry[0] in wanted and entry[3] != 0}


def _places(text: bytes, part: bytes) -> Iterator[int]:
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + 1)


def _first_address(data: mmap.mmap, place: int, count: int) -> int:
    segments = (_SEGMENT.unpack_from(data, place + number * _SEGMENT.size) for number in range(count))
    return min((address - offset for kind, _, offset, address, *_ in segments if kind == _LOADED), default=0)
