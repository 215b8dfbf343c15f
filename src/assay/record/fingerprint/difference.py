"""What differs between two runs, and only that: every differing fact with its place and both values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from assay.record.base import Record
from assay.record.fingerprint.exact import row_names
from assay.record.fingerprint.groups import ROW_KEYS, SETS, Group, group_of
from assay.record.run import Run


class Difference(Record, kw_only=True):
    """One fact that differs. A row that only one run has is one difference: its whole value, and null."""

    group: Group
    """What the fact says about the run."""
    pointer: str
    """JSON pointer of the fact in the first run, or in the second where the first has no such row."""
    a: Any
    """Its value in the first run."""
    b: Any
    """Its value in the second run."""
    only_in: str = ""
    """``a`` or ``b`` where only that run has the row; empty where both have the fact."""


class _Place(msgspec.Struct, frozen=True):
    """A place in the record: with rows' numbers for people, without them for the table of groups."""

    pointer: str = ""
    path: str = ""

    def field(self, name: str) -> _Place:
        return _Place(f"{self.pointer}/{name}", f"{self.path}/{name}")

    def row(self, number: int) -> _Place:
        return _Place(f"{self.pointer}/{number}", self.path)


def diff(a: Run, b: Run) -> tuple[Difference, ...]:
    """Every fact that differs, by group and then in the record's order; ids and times are left out."""
    found = list(_between(_Place(), msgspec.to_builtins(a), msgspec.to_builtins(b)))
    order = list(Group)
    return tuple(sorted(found, key=lambda difference: order.index(difference.group)))


def _between(place: _Place, a: Any, b: Any) -> Iterator[Difference]:
    if isinstance(a, dict) and isinstance(b, dict) and a.get("origin") == b.get("origin"):
        for name in a:
            yield from _between(place.field(name), a[name], b[name])
    elif isinstance(a, tuple) and isinstance(b, tuple) and _has_names(place):
        yield from _between_tables(place, a, b)
    elif a != b or type(a) is not type(b):
        yield from _listed(place, a, b)


def _between_tables(place: _Place, a: tuple[Any, ...], b: tuple[Any, ...]) -> Iterator[Difference]:
    field = place.path.rpartition("/")[2]
    left = {name: (number, row) for number, (name, row) in enumerate(zip(row_names(field, a), a, strict=True))}
    right = {name: (number, row) for number, (name, row) in enumerate(zip(row_names(field, b), b, strict=True))}
    for name, (number, row) in left.items():
        if name in right:
            yield from _between(place.row(number), row, right[name][1])
        elif field != "absent":
            yield from _listed(place.row(number), row, None, only_in="a")
    for name, (number, row) in right.items():
        if name not in left and field != "absent":
            yield from _listed(place.row(number), None, row, only_in="b")


def _listed(place: _Place, a: Any, b: Any, only_in: str = "") -> Iterator[Difference]:
    group = group_of(place.path)
    if group is not Group.ALWAYS:
        yield Difference(group=group, pointer=place.pointer, a=a, b=b, only_in=only_in)


def _has_names(place: _Place) -> bool:
    field = place.path.rpartition("/")[2]
    return field in ROW_KEYS or field in SETS
