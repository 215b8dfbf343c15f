"""Line numbers out of the tables that CPython keeps beside its instructions; their format changed three times."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

NO_LINE = 0
"""Instructions that belong to no line, and what can't be decoded."""
_UNIT_BYTES = 2
_SHORT_FORMS, _ONE_LINE_FORMS = range(10), range(10, 13)
_NO_COLUMNS, _LONG, _NO_LOCATION = 13, 14, 15
_GAP = -128


class LineTable(NamedTuple):
    """The lines of one function."""

    starts: tuple[int, ...]
    """Bytes from the first instruction at which another line begins, ascending."""
    lines: tuple[int, ...]
    """The line that begins there."""

    def line(self, instruction: int) -> int:
        """The line of an instruction, by its distance from the first in bytes; one before it is the first's."""
        place = bisect_right(self.starts, max(instruction, 0)) - 1
        return self.lines[place] if place >= 0 else NO_LINE


def read_lines(table: bytes, first_line: int, version: tuple[int, int]) -> LineTable:
    """The table of a function in the format of its interpreter's version."""
    if version >= (3, 11):
        steps = _locations(table, first_line)
    elif version >= (3, 10):
        steps = _ranges(table, first_line)
    else:
        steps = _increments(table, first_line)
    starts: list[int] = []
    lines: list[int] = []
    for start, line in steps:
        if not lines or lines[-1] != line:
            starts.append(start)
            lines.append(line)
    return LineTable(tuple(starts), tuple(lines))


def _increments(table: bytes, line: int) -> Iterator[tuple[int, int]]:
    """Up to 3.9: pairs of bytes, how far to go in instructions and how far in lines."""
    start = 0
    for step, rise in zip(table[::2], table[1::2], strict=False):
        if step:
            yield start, line
            start += step
        line += _signed(rise)
    yield start, line


def _ranges(table: bytes, line: int) -> Iterator[tuple[int, int]]:
    """3.10: pairs of bytes, the change of line before a range of instructions, and its length."""
    start = 0
    for size, rise in zip(table[::2], table[1::2], strict=False):
        change = _signed(rise)
        if change != _GAP:
            line += change
        if size:
            yield start, NO_LINE if change == _GAP else line
            start += size


def _locations(table: bytes, line: int) -> Iterator[tuple[int, int]]:
    """Since 3.11: entries whose first byte has its high bit set, with a form, a length and what the form needs."""
    place = start = 0
    while place < len(table):
        form, size = (table[place] >> 3) & 15, ((table[place] & 7) + 1) * _UNIT_BYTES
        rise = 0
        if form in _ONE_LINE_FORMS:
            rise = form - 10
        elif form in {_NO_COLUMNS, _LONG}:
            rise = _signed_number(table, place + 1)
        line += rise
        yield start, NO_LINE if form == _NO_LOCATION else line
        start += size
        place += 1
        while place < len(table) and not table[place] & 128:
            place += 1


def _signed_number(table: bytes, place: int) -> int:
    """Six bits a byte, the lowest first, as long as the seventh is set; the lowest bit of all is the sign."""
    value = shift = 0
    for byte in table[place : place + 8]:
        value |= (byte & 63) << shift
        shift += 6
        if not byte & 64:
            break
    return -(value >> 1) if value & 1 else value >> 1


def _signed(byte: int) -> int:
    return byte - 256 if byte > 127 else byte
