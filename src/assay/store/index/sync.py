"""Bringing an index up to what its source holds, reading only what is new."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence

from assay.store.index import tables
from assay.store.index.reading import read_rows
from assay.store.index.row import RunRow
from assay.store.index.source import Source

_SETTLING_NS = 2_000_000_000
"""A folder's time of change is trusted once it lies this far back: several changes can share one tick."""


def is_fresh(database: sqlite3.Connection, source: Source) -> bool:
    """Whether the index holds what the source holds: one look where the source has been at rest."""
    token = source.token()
    known, settled = tables.state(database)
    if tables.skipped_reasons(database):
        return False
    if token is not None and settled and token[0] == known:
        return True
    if token is not None and _is_settled(token[1]):
        return False
    return source.names() == tables.indexed_ids(database)


def synchronise(database: sqlite3.Connection, source: Source) -> None:
    """Add what is new, drop what is gone, look again at what was not whole."""
    token = source.token()
    names = source.names()
    known = tables.indexed_ids(database)
    skipped: dict[str, str] = {}
    with database:
        tables.delete(database, known - names)
        tables.insert(database, _rows(source, sorted(names - known), skipped))
        tables.replace_skipped(database, skipped)
        if token is not None:
            tables.set_state(database, token[0], settled=_is_settled(token[1]))


def _rows(source: Source, ids: Sequence[str], skipped: dict[str, str]) -> Iterator[RunRow]:
    for ulid, row in read_rows(source, ids):
        if isinstance(row, str):
            skipped[ulid] = row
        else:
            yield row


def _is_settled(changed_ns: int) -> bool:
    return time.time_ns() - changed_ns > _SETTLING_NS
