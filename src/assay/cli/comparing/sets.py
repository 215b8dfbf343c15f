"""Sets of runs in words: a run, a list, a pattern of tags or ids, a sitting, a campaign or a cell of one."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeVar

from assay.errors import RunNotFoundError, UsageError
from assay.record.run import RUN_FILE
from assay.settings import closest
from assay.store import Store, StoredRun
from assay.store.query import RunFilter

Found = TypeVar("Found")

_SECOND = {"session": "side", "campaign": "experiment"}
"""What stands behind the slash, as in ``session:NAME/A`` and ``campaign:NAME/EXPERIMENT``."""
_FILTERS: dict[str, Callable[[str], RunFilter]] = {
    "session": lambda value: {"session": value},
    "campaign": lambda value: {"campaign": value},
    "experiment": lambda value: {"experiment": value},
    "target": lambda value: {"target": value},
    "workload": lambda value: {"workload": value},
    "tag": lambda value: {"tag": value},
}
_WILD = frozenset("*?[")
SIDES = ("A", "B")
"""Names of the sides in the records of what ``--run`` measured."""


def runs_of(store: Store, words: str) -> list[StoredRun]:
    """The runs that the words mean, each once, oldest first; at least one."""
    ids: dict[str, StoredRun] = {}
    for word in words.split(","):
        for run in _meant(store, word.strip()):
            ids[run.id] = run
    return [ids[one] for one in sorted(ids)]


def files_of(words: str) -> list[Path]:
    """The trace files that the words mean; empty where they mean runs."""
    found: list[Path] = []
    for word in (part.strip() for part in words.split(",")):
        names = sorted(glob.glob(word)) if _WILD & set(word) else [word]  # noqa: PTH207 -- absolute patterns, too
        files = [Path(name) for name in names if Path(name).is_file() and Path(name).name != RUN_FILE]
        if len(files) != len(names) or not files:
            return []
        found += files
    return list(dict.fromkeys(found))


def sides_of(store: Store, session: str) -> tuple[list[StoredRun], list[StoredRun]]:
    """Both sides of a sitting."""
    rows = store.runs(session=session)
    if not rows:
        raise RunNotFoundError(f"no run of a sitting {session!r}", remedy="`assay runs list` shows what there is")
    names = sorted({row.side or "" for row in rows})
    if len(names) != len(SIDES):
        what = f"the sitting {session!r} has {len(names)} sides"
        raise UsageError(what, where="compare", remedy="name two of them, as in session:NAME/A session:NAME/B")
    first, second = ([store.get(row.id) for row in reversed(rows) if (row.side or "") == name] for name in names)
    return first, second


def _meant(store: Store, word: str) -> Iterator[StoredRun]:
    key, colon, value = word.partition(":")
    if colon and "/" not in key:
        yield from _filtered(store, key, value)
    elif _WILD & set(word):
        yield from _matching(store, word)
    else:
        yield store.get(word)


def _filtered(store: Store, key: str, value: str) -> Iterator[StoredRun]:
    if key not in _FILTERS:
        near = closest(key, list(_FILTERS))
        remedy = f"did you mean {near!r}?" if near else f"sets are: {', '.join(_FILTERS)}"
        raise UsageError(f"there are no sets by {key!r}", where=f"{key}:{value}", remedy=remedy)
    first, slash, second = value.partition("/")
    given = _FILTERS[key](first if key in _SECOND else value)
    rows = store.runs(**given)
    if slash and key in _SECOND:
        rows = [row for row in rows if getattr(row, _SECOND[key]) == second]
    yield from (store.get(row.id) for row in _some(rows, f"{key}:{value}"))


def _matching(store: Store, pattern: str) -> Iterator[StoredRun]:
    """Folders where the pattern is one of paths; otherwise runs whose id or one of whose tags matches."""
    if "/" in pattern:
        folders = sorted(glob.glob(pattern))  # noqa: PTH207 -- absolute patterns, which Path.glob does not take
        yield from (store.get(folder) for folder in _some(folders, pattern))
        return
    rows = [
        row
        for row in store.runs()
        if fnmatchcase(row.id, pattern.upper()) or any(fnmatchcase(tag, pattern) for tag in row.tags)
    ]
    yield from (store.get(row.id) for row in _some(rows, pattern))


def _some(found: list[Found], words: str) -> list[Found]:
    if not found:
        raise RunNotFoundError(f"no run is meant by {words!r}", remedy="`assay runs list` shows ids and tags")
    return found
