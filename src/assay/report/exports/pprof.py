"""pprof: the profile of Google's tools, a gzipped protocol buffer written by hand.

Messages and field numbers are those of ``profile.proto`` (github.com/google/pprof): Profile 1 sample_type, 2 sample,
4 location, 5 function, 6 string_table, 10 duration_nanos, 14 default_sample_type; ValueType 1 type, 2 unit;
Sample 1 location_id, 2 value; Location 1 id, 4 line; Line 1 function_id, 2 line; Function 1 id, 2 name, 4 filename.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable

from assay.analyze.evidence.waits import CLOCKS
from assay.record.words.escape import plain
from assay.report.export import Export, Material
from assay.report.profile import Stacks


class _Strings:
    """The string table; the first string is empty."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {"": 0}

    def __getitem__(self, text: str) -> int:
        return self.known.setdefault(plain(text), len(self.known))


def render(material: Material) -> bytes:
    """One sample per stack, with the nanoseconds of each clock that ran."""
    profile = material.stacks()
    stacks, strings = profile.stacks, _Strings()
    used = [number for number in range(len(CLOCKS)) if (stacks.seconds[:, number] > 0).any()]
    types = [_message(_number(1, strings[CLOCKS[number].value]), _number(2, strings["nanoseconds"])) for number in used]
    samples = [_sample(stacks, row, used) for row in range(len(stacks)) if stacks.seconds[row].sum() > 0]
    functions = _functions(stacks)
    locations = [_location(row, functions[_key(stacks, row)], stacks.line[row]) for row in range(len(stacks))]
    declared = [_function(number, *key, strings) for key, number in functions.items()]
    wall_s = profile.timeline.wall_s if profile.timeline is not None else 0.0
    parts = [
        *(_part(1, one) for one in types),
        *(_part(2, one) for one in samples),
        *(_part(4, one) for one in locations),
        *(_part(5, one) for one in declared),
        *(_part(6, text.encode()) for text in strings.known),
        _number(10, round(wall_s * 1e9)),
        _number(14, strings[CLOCKS[used[0]].value] if used else 0),
    ]
    return gzip.compress(b"".join(parts), mtime=0)


def _key(stacks: Stacks, row: int) -> tuple[str, str]:
    return stacks.function[row], stacks.file[row]


def _functions(stacks: Stacks) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for row in range(len(stacks)):
        found.setdefault(_key(stacks, row), len(found) + 1)
    return found


def _sample(stacks: Stacks, row: int, used: list[int]) -> bytes:
    path = b"".join(_varint(one + 1) for one in reversed(stacks.path(row)))
    values = b"".join(_varint(round(float(stacks.seconds[row, number]) * 1e9)) for number in used)
    return _message(_part(1, path), _part(2, values))


def _location(row: int, function: int, line: int) -> bytes:
    return _message(_number(1, row + 1), _part(4, _message(_number(1, function), _number(2, line))))


def _function(number: int, name: str, file: str, strings: _Strings) -> bytes:
    return _message(_number(1, number), _number(2, strings[name]), _number(4, strings[file]))


def _message(*parts: bytes) -> bytes:
    return b"".join(parts)


def _part(field: int, content: bytes) -> bytes:
    """A field of bytes: its key, its length, itself."""
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _varint(value: int) -> bytes:
    return bytes(_septets(max(0, value)))


def _septets(value: int) -> Iterable[int]:
    while value > 0x7F:
        yield value & 0x7F | 0x80
        value >>= 7
    yield value


PLUGIN = Export(name="pprof", suffixes=(".pb.gz", ".pprof"), reader="go tool pprof, https://pprof.me", render=render)
