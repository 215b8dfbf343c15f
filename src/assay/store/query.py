"""Filters of a list of runs, checked and turned into a condition over the index."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TypedDict

from assay.errors import UsageError
from assay.record.enums import Backend, Precision, Status, TargetKind
from assay.store.index.tables import FILTERS, since_us


class RunFilter(TypedDict, total=False):
    """What ``Store.runs`` selects by; all that is given must hold."""

    status: str
    backend: str
    precision: str
    kind: str
    target: str
    model: str
    workload: str
    campaign: str
    experiment: str
    side: str
    session: str
    tag: str
    """A tag, or a pattern such as ``nightly-*``."""
    since: datetime
    """Created at this moment or later."""
    until: datetime
    """Created before this moment."""
    limit: int
    """At most so many, the newest."""


_ENUMS: dict[str, type[StrEnum]] = {"status": Status, "backend": Backend, "precision": Precision, "kind": TargetKind}


def condition(given: RunFilter, tags: Mapping[str, str]) -> tuple[str, list[object]]:
    """A condition in SQL with the values to bind; ``tags`` maps names to ids."""
    _refuse_unknown(given)
    terms: list[str] = []
    values: list[object] = []
    for name in FILTERS:
        if (value := given.get(name)) is not None:
            terms.append(f"{name} = ?")
            values.append(_checked(name, str(value)))
    for name, sign in (("since", ">="), ("until", "<")):
        if isinstance(moment := given.get(name), datetime):
            terms.append(f"created_us {sign} ?")
            values.append(since_us(moment))
    if (pattern := given.get("tag")) is not None:
        tagged = sorted({ulid for tag, ulid in tags.items() if fnmatchcase(tag, pattern)})
        terms.append(f"id IN ({', '.join('?' * len(tagged))})")
        values += tagged
    return " AND ".join(terms), values


def limit_of(given: RunFilter) -> int:
    """The number of rows asked for; -1 for all."""
    limit = given.get("limit", -1)
    if not isinstance(limit, int):
        raise UsageError(f"limit {limit!r} is no whole number", remedy="give the number of runs to list")
    if limit < -1:
        raise UsageError(f"limit {limit} is negative", remedy="give the number of runs to list")
    return limit


def _refuse_unknown(given: RunFilter) -> None:
    """A filter that were overlooked would select every run."""
    known = sorted(RunFilter.__annotations__)
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            remedy = f"did you mean {close[0]!r}?" if close else f"filters are: {', '.join(known)}"
            raise UsageError(f"there is no filter {name!r}", remedy=remedy)


def _checked(name: str, value: str) -> str:
    allowed = [str(member) for member in _ENUMS.get(name, ())]
    if allowed and value not in allowed:
        close = difflib.get_close_matches(value, allowed, n=1)
        remedy = f"did you mean {close[0]!r}?" if close else f"choose one of: {', '.join(allowed)}"
        raise UsageError(f"no {name} {value!r}", remedy=remedy)
    return value
