"""What people call runs: a prefix of the id, ``@latest``, ``@-2``, a tag or a path, resolved to one run."""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections.abc import Mapping, Sequence

from assay.errors import RunNotFoundError
from assay.store.index import tables

_PLACE = re.compile("@-([0-9]{1,9})")
_SHOWN = 4
_REMEMBERED = 200
"""Nobody mistypes an older id than the latest so many."""


def is_path(reference: str) -> bool:
    """Whether a reference can only be a path."""
    return "/" in reference or reference.startswith((".", "~"))


def resolve(index: sqlite3.Connection, reference: str, tags: Mapping[str, str]) -> str:
    """The id that ``reference`` stands for; ``@-1`` is the latest run, ``@-2`` the one before."""
    if reference.startswith("@"):
        return _by_place(index, reference)
    if reference in tags and tables.ids_with_prefix(index, tags[reference], 1):
        return tags[reference]
    matches = tables.ids_with_prefix(index, reference.upper(), _SHOWN + 1) if reference else []
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise _ambiguous(reference, matches)
    raise RunNotFoundError(f"no run {reference!r}", remedy=_advice(index, reference, tags))


def _by_place(index: sqlite3.Connection, reference: str) -> str:
    place = _PLACE.fullmatch("@-1" if reference == "@latest" else reference)
    if place is None or int(place[1]) == 0:
        raise RunNotFoundError(f"no run {reference!r}", remedy="use @latest, or @-2 for the run before it")
    ids = tables.latest_ids(index, int(place[1]))
    if len(ids) < int(place[1]):
        held = f"the store holds {len(ids)}" if ids else "the store is empty"
        raise RunNotFoundError(f"no run {reference!r}: {held}", remedy="see `assay runs list`")
    return ids[-1]


def _ambiguous(reference: str, matches: Sequence[str]) -> RunNotFoundError:
    more = " and more" if len(matches) > _SHOWN else ""
    shown = ", ".join(matches[:_SHOWN])
    return RunNotFoundError(f"{reference!r} stands for several runs", remedy=f"choose one of {shown}{more}")


def _advice(index: sqlite3.Connection, reference: str, tags: Mapping[str, str]) -> str:
    """The tag or id that was probably meant."""
    close_tags = difflib.get_close_matches(reference, list(tags), n=1)
    if close_tags:
        return f"did you mean {close_tags[0]!r}?"
    ids = tables.latest_ids(index, _REMEMBERED)
    if not ids:
        return "the store is empty; run `assay demo` to make a run"
    wanted = reference.upper()
    close_ids = difflib.get_close_matches(wanted, [ulid[: len(wanted)] for ulid in ids], n=1) if wanted else []
    return f"did you mean {close_ids[0]!r}?" if close_ids else "see `assay runs list`"
