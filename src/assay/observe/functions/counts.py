"""A profile of cProfile as rows of the ``functions`` table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from assay.observe.collector import Unsuited
from assay.observe.functions.plain import NotPlainError, read_plain

MOST_BYTES = 32 << 20
"""A larger profile is not opened: it would be one of some hundred thousand functions."""
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")

_Function = tuple[str, int, str]
_Caller = tuple[int, int, float, float]
_Profile = dict[_Function, tuple[int, int, float, float, dict[_Function, _Caller]]]
_Row = tuple[str, int, str, int, int, str | None, int | None, str | None]
COLUMNS = ("file", "line", "function", "calls", "primitive_calls", "caller_file", "caller_line", "caller")


def read_counts(profile: Path) -> dict[str, Sequence[Any]] | Unsuited:
    """Columns of the table, sorted, so that the same counts give the same bytes; or why there are none."""
    try:
        size = profile.stat().st_size
        if size > MOST_BYTES:
            return Unsuited(f"the profile has {size >> 20} MiB, more than the {MOST_BYTES >> 20} that are opened")
        data = profile.read_bytes()
    except OSError:
        return Unsuited("the second run left no profile: it was stopped, or ended without Python's own clean-up")
    try:
        rows = sorted(_rows(msgspec.convert(read_plain(data), _Profile)), key=_order)
    except (NotPlainError, msgspec.ValidationError) as error:
        return Unsuited(f"the profile of the second run can't be read: {error}")
    return {name: tuple(row[place] for row in rows) for place, name in enumerate(COLUMNS)}


def _rows(profile: _Profile) -> Iterator[_Row]:
    """For each function the sum over its callers, then one row for each of them."""
    for (file, line, function), (primitive, calls, _, _, callers) in profile.items():
        name = _plain_name(function)
        yield file, line, name, calls, primitive, None, None, None
        for (caller_file, caller_line, caller), (calls_from, primitive_from, _, _) in callers.items():
            yield file, line, name, calls_from, primitive_from, caller_file, caller_line, _plain_name(caller)


def _plain_name(function: str) -> str:
    """Names of some C functions hold an address, which differs from run to run and says nothing."""
    return _ADDRESS.sub("", function)


def _order(row: _Row) -> tuple[Any, ...]:
    return (*row[:3], row[5] is not None, row[5] or "", row[6] or 0, row[7] or "", row[3], row[4])
