"""The tables of ``index.sqlite``, and how rows get in and out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from assay.store.index.row import RunRow

VERSION = 1
"""``PRAGMA user_version`` of an index this code understands; any other is rebuilt."""

FILTERS = (
    "status",
    "backend",
    "precision",
    "kind",
    "target",
    "model",
    "workload",
    "campaign",
    "experiment",
    "side",
    "session",
)
"""Columns of a row that a list can be filtered by."""

# Rows lie ready to decode, in order of id; the one index holds every filter column, so that a filter of any kind
# looks through a fifth of the bytes.
_SCHEMA = f"""
CREATE TABLE runs (id TEXT PRIMARY KEY, created_us INTEGER, {", ".join(f"{name} TEXT" for name in FILTERS)}, row BLOB)
    WITHOUT ROWID;
CREATE INDEX filters ON runs (created_us, {", ".join(FILTERS)});
CREATE TABLE skipped (id TEXT PRIMARY KEY, reason TEXT) WITHOUT ROWID;
CREATE TABLE state (token TEXT, settled INTEGER);
PRAGMA user_version = {VERSION};
"""
_INSERT = f"INSERT OR REPLACE INTO runs VALUES (?, ?, {', '.join('?' for _ in FILTERS)}, ?)"  # noqa: S608 - constants
_FEW = 2000
"""So many rows are picked one by one; more are found faster by reading them all (bench.store.index)."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(RunRow)


def is_current(database: sqlite3.Connection) -> bool:
    """Whether the tables are there and of this version."""
    return bool(database.execute("PRAGMA user_version").fetchone() == (VERSION,))


def create(database: sqlite3.Connection) -> None:
    """Make the tables in an empty database."""
    database.executescript(f"BEGIN; {_SCHEMA} COMMIT;")


def insert(database: sqlite3.Connection, rows: Iterable[RunRow]) -> None:
    """Add rows."""
    database.executemany(_INSERT, map(_cells, rows))


def delete(database: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Take rows out."""
    database.executemany("DELETE FROM runs WHERE id = ?", ((ulid,) for ulid in ids))


def indexed_ids(database: sqlite3.Connection) -> set[str]:
    """Ids of all rows."""
    return {ulid for (ulid,) in database.execute("SELECT id FROM runs INDEXED BY filters")}


def skipped_reasons(database: sqlite3.Connection) -> dict[str, str]:
    """Folders that bear an id and hold no whole record, with the reason."""
    return dict(database.execute("SELECT id, reason FROM skipped"))


def replace_skipped(database: sqlite3.Connection, skipped: dict[str, str]) -> None:
    """Remember what was passed over."""
    database.execute("DELETE FROM skipped")
    database.executemany("INSERT INTO skipped VALUES (?, ?)", skipped.items())


def state(database: sqlite3.Connection) -> tuple[str, bool]:
    """Token of the source when it was last read, and whether it had been at rest then."""
    token, settled = database.execute("SELECT token, settled FROM state").fetchone() or ("", 0)
    return token, bool(settled)


def set_state(database: sqlite3.Connection, token: str, *, settled: bool) -> None:
    """Remember how the source looked."""
    database.execute("DELETE FROM state")
    database.execute("INSERT INTO state VALUES (?, ?)", (token, settled))


def select_rows(database: sqlite3.Connection, where: str, values: list[object], limit: int) -> list[RunRow]:
    """Rows that meet a condition over filter columns, newest first; all where it is empty and ``limit`` is -1."""
    # The condition is put together from the constants above; values are bound.
    matching = f"SELECT id FROM runs INDEXED BY filters WHERE {where} ORDER BY id DESC LIMIT ?"  # noqa: S608
    scan = f"SELECT row FROM runs NOT INDEXED WHERE {where or 'TRUE'} ORDER BY id DESC LIMIT ?"  # noqa: S608
    bound = (*values, limit)
    if where and len(ids := database.execute(matching, bound).fetchall()) <= _FEW:
        found = (database.execute("SELECT row FROM runs WHERE id = ?", ulid).fetchone() for ulid in ids)
    else:
        found = (row for row in database.execute(scan, bound))
    return [_DECODER.decode(row) for (row,) in found]


def ids_with_prefix(database: sqlite3.Connection, prefix: str, limit: int) -> list[str]:
    """Ids that begin so, oldest first."""
    query = "SELECT id FROM runs WHERE id >= ? AND id < ? ORDER BY id LIMIT ?"
    return [ulid for (ulid,) in database.execute(query, (prefix, prefix + "~", limit))]


def latest_ids(database: sqlite3.Connection, limit: int) -> list[str]:
    """The newest ids, newest first."""
    return [ulid for (ulid,) in database.execute("SELECT id FROM runs ORDER BY id DESC LIMIT ?", (limit,))]


def count(database: sqlite3.Connection) -> int:
    """Number of rows."""
    found: int = database.execute("SELECT count(*) FROM runs").fetchone()[0]
    return found


def since_us(moment: datetime) -> int:
    """Microseconds since 1970 of a moment; one without a time zone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(microseconds=1)


def _cells(row: RunRow) -> tuple[object, ...]:
    return (row.id, since_us(row.created), *(getattr(row, name) for name in FILTERS), _ENCODER.encode(row))
