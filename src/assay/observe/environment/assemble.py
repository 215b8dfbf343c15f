"""Facts to records: every value is checked against its field, and what is unknown becomes null with its reason."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import Any, TypeVar, get_type_hints

import msgspec

from assay.observe.environment.facts import Facts, Rows, Unknown
from assay.observe.environment.text import clean, clip, one_line
from assay.record.base import Absent, Record

LONGEST_NAME = 512
"""Characters that a one-line field of the record holds."""

R = TypeVar("R", bound=Record)
Gaps = tuple[Absent, ...]
Values = dict[str, Any]


def record(kind: type[R], facts: Facts, pointer: str = "") -> tuple[R, Gaps]:
    """The record, and one entry for each of its nulls."""
    values, gaps = fields(kind, facts, pointer)
    return kind(**values), gaps


def fields(kind: type[Record], facts: Facts, pointer: str = "", *, but: Collection[str] = ()) -> tuple[Values, Gaps]:
    """The record's fields, ``but`` excepted; one that no fact names is null, too."""
    values: Values = {}
    gaps: list[Absent] = []
    for name, hint in _hints(kind).items():
        if name in kind.__struct_fields__ and name not in but:
            fact = facts.get(name, Unknown("no probe reads it here"))
            values[name], found = _value(fact, hint, f"{pointer}/{name}")
            gaps += found
    return values, tuple(gaps)


def _value(fact: Any, hint: Any, pointer: str) -> tuple[Any, Gaps]:
    if isinstance(fact, Rows):
        return _rows(fact, pointer)
    if isinstance(fact, Unknown):
        return None, (_gap(pointer, fact.reason),)
    if fact is None:
        return None, (_gap(pointer, "the probe gave no value and no reason"),)
    problem = ""
    for tidy in (clean, _name):
        try:
            return msgspec.convert(_each_text(fact, tidy), hint, strict=True), ()
        except msgspec.ValidationError as error:
            problem = problem or str(error)
    return None, (_gap(pointer, f"the value found can't be used: {problem}"),)


def _rows(rows: Rows, pointer: str) -> tuple[tuple[Record, ...], Gaps]:
    """Rows are kept one by one: one that lacks what a row must have is left out."""
    made: list[Record] = []
    gaps: list[Absent] = []
    for facts in rows.rows:
        row, found = record(rows.kind, facts, f"{pointer}/{len(made)}")
        if _is_whole(row):
            made.append(row)
            gaps += found
    return tuple(made), tuple(gaps)


def _is_whole(row: Record) -> bool:
    hints = _hints(type(row))
    return all(_admits_null(hints[name]) or getattr(row, name) is not None for name in row.__struct_fields__)


def _admits_null(hint: Any) -> bool:
    return type(None) in getattr(hint, "__args__", ())


def _gap(pointer: str, reason: str) -> Absent:
    return Absent(field=pointer, reason=clip(one_line(clean(reason)), LONGEST_NAME) or "no reason was given")


def _name(text: str) -> str:
    """Fit for a field that takes one line."""
    return clip(one_line(clean(text)), LONGEST_NAME)


def _each_text(value: Any, tidy: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, (tuple, list)):
        return tuple(_each_text(item, tidy) for item in value)
    return value


@cache
def _hints(kind: type[Record]) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)
