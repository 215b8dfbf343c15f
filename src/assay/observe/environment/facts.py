"""What a probe hands back: values, and reasons where there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from assay.record.base import Record

T = TypeVar("T")


@dataclass(frozen=True)
class Unknown:
    """A fact that could not be had, and why."""

    reason: str


Facts = Mapping[str, Any]
"""Field name to value, to ``Unknown``, or to ``Rows``."""


@dataclass(frozen=True)
class Rows:
    """A tuple of records whose fields may be unknown one by one."""

    kind: type[Record]
    rows: tuple[Facts, ...]


def known(value: T | Unknown) -> T | None:
    """The value, or ``None`` where there is none: for choosing between sources."""
    return None if isinstance(value, Unknown) else value


def first(candidates: Iterable[T | Unknown]) -> T | Unknown:
    """The first known value; if there is none, the reasons of all."""
    reasons: list[str] = []
    for candidate in candidates:
        if not isinstance(candidate, Unknown):
            return candidate
        if candidate.reason not in reasons:
            reasons.append(candidate.reason)
    return Unknown("; ".join(reasons) or "nothing states it")


def spread(names: Iterable[str], unknown: Unknown) -> dict[str, Unknown]:
    """The same reason for several fields."""
    return dict.fromkeys(names, unknown)
