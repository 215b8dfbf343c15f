"""The index against what one would do without it: reading every record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assay.record.enums import Status
from assay.store import Store, open_store
from assay.store.index.row import summarise
from bench.harness import Options, Pair, Side
from bench.store.figures import make_store, settle

_FULL, _QUICK = 3_000, 500


@contextmanager
def pairs(options: Options) -> Iterator[list[Pair]]:
    """Lists of a store of 3,000 runs."""
    root = options.folder / "pairs"
    make_store(root, _QUICK if options.quick else _FULL)
    settle(root)
    store = open_store(root)
    yield [
        Pair(
            "list all",
            Side("index", lambda: _discard(store.runs())),
            Side("every record", lambda: _discard(_all(root))),
        ),
        Pair(
            "list the failed",
            Side("index", lambda: _discard(store.runs(status="failed"))),
            Side("every record", lambda: _discard(_failed(root))),
        ),
        Pair(
            "make the index again",
            Side("rebuild", lambda: _rebuild(store)),
            Side("every record", lambda: _discard(_all(root))),
        ),
    ]


def _all(root: Path) -> list[object]:
    return [summarise(path.read_bytes()) for path in sorted(root.glob("runs/*/run.json"), reverse=True)]


def _failed(root: Path) -> list[object]:
    return [row for row in _all(root) if getattr(row, "status", "") == Status.FAILED]


def _rebuild(store: Store) -> None:
    store.reindex()


def _discard(_: object) -> None:
    """Time is what is compared; the rows are not."""
