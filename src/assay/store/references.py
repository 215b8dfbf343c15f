"""What people call runs: a prefix of the id, ``@latest``, ``@-2``, a tag or a path, resolved to one run."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from assay.errors import RunNotFoundError

_PLACE = re.compile("@-([0-9]{1,9})")
_SHOWN = 4


def is_path(reference: str) -> bool:
    """Whether a reference can only be a path."""
    return "/" in reference or reference.startswith((".", "~"))


def resolve(reference: str, ids: Sequence[str], tags: Mapping[str, str]) -> str:
    """The id that ``reference`` stands for among sorted ``ids``; ``@-1`` is the latest run, ``@-2`` the one before."""
    if not ids:
        raise RunNotFoundError(f"no run {reference!r}: the store is empty", remedy="run `assay demo` to make one")
    if reference.startswith("@"):
        return _by_place(reference, ids)
    if tags.get(reference) in set(ids):
        return tags[reference]
    matches = _with_prefix(reference.upper(), ids)
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise _ambiguous(reference, matches)
    raise RunNotFoundError(f"no run {reference!r}", remedy=_advice(reference, ids, tags))


def _by_place(reference: str, ids: Sequence[str]) -> str:
    place = _PLACE.fullmatch("@-1" if reference == "@latest" else reference)
    if place is None or int(place[1]) == 0:
        raise RunNotFoundError(f"no run {reference!r}", remedy="use @latest, or @-2 for the run before it")
    if int(place[1]) > len(ids):
        raise RunNotFoundError(f"no run {reference!r}: the store holds {len(ids)}", remedy="see `assay runs list`")
    return ids[-int(place[1])]


def _with_prefix(prefix: str, ids: Sequence[str]) -> Sequence[str]:
    if not prefix:
        return []
    start = bisect_left(ids, prefix)
    return ids[start : bisect_left(ids, prefix + "~", lo=start)]


def _ambiguous(reference: str, matches: Sequence[str]) -> RunNotFoundError:
    shown = ", ".join(matches[-_SHOWN:])
    more = f" and {len(matches) - _SHOWN} more" if len(matches) > _SHOWN else ""
    return RunNotFoundError(f"{reference!r} stands for {len(matches)} runs", remedy=f"choose one of {shown}{more}")


def _advice(reference: str, ids: Sequence[str], tags: Mapping[str, str]) -> str:
    """The tag or id that was probably meant."""
    close_tags = difflib.get_close_matches(reference, list(tags), n=1)
    if close_tags:
        return f"did you mean {close_tags[0]!r}?"
    # Only the latest ids: nobody mistypes one of a hundred thousand from memory.
    wanted = reference.upper()
    close_ids = difflib.get_close_matches(wanted, [ulid[: len(wanted)] for ulid in ids[-200:]], n=1)
    return f"did you mean {close_ids[0]!r}?" if close_ids else "see `assay runs list`"
