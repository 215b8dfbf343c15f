"""Sections of a record of which nothing is known: every fact null, with one reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from msgspec import inspect

from assay.record.base import Absent, SelfChecked

S = TypeVar("S", bound=SelfChecked)


def nothing_known(section: type[S], reason: str, **known: Any) -> S:
    """The section with what is known, and null with the reason for all else."""
    info = inspect.type_info(section)
    pointers = [pointer for pointer in _nullable(info, "") if pointer.split("/")[1] not in known]
    return section(**_nulls(info, known), absent=tuple(Absent(field=pointer, reason=reason) for pointer in pointers))


def _nulls(info: Any, known: dict[str, Any]) -> dict[str, Any]:
    return known | {
        field.name: field.type.cls(**_nulls(field.type, {})) if isinstance(field.type, inspect.StructType) else None
        for field in info.fields
        if field.name not in known and field.name != "absent"
    }


def _nullable(info: Any, pointer: str) -> Iterator[str]:
    for field in info.fields:
        here = f"{pointer}/{field.name}"
        if isinstance(field.type, inspect.StructType):
            yield from _nullable(field.type, here)
        elif field.name != "absent":
            yield here
