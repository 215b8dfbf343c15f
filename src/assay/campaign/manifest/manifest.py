"""The manifest: one row an experiment, in SQLite with a write-ahead log that is synced at every change.

It says what was begun; whether something is done, the store's sealed runs say. A kill between the two is mended by
asking the store, under the device's lock.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from assay.campaign.manifest.states import Row, State
from assay.errors import StoreError

if TYPE_CHECKING:  # what carries experiments out is not loaded to look at a manifest
    from assay.campaign.grid.campaign import Campaign

VERSION = 1
_WAIT_S = 10.0
_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE experiments (
    id TEXT PRIMARY KEY, seq INTEGER NOT NULL, cell TEXT NOT NULL, label TEXT NOT NULL, group_name TEXT NOT NULL,
    cycle INTEGER NOT NULL, state TEXT NOT NULL, generation INTEGER NOT NULL, failures INTEGER NOT NULL,
    kills INTEGER NOT NULL, device TEXT, wants TEXT, run TEXT, begun_ns INTEGER, ended_ns INTEGER, reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX by_state ON experiments (state, seq);
CREATE TABLE breakers (group_name TEXT PRIMARY KEY, failures INTEGER NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
"""
_COLUMNS = ", ".join(Row.__struct_fields__)
_INSERT = """
INSERT INTO experiments (id, seq, cell, label, group_name, cycle, wants, state, generation, failures, kills, reason)
VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', 0, 0, 0, '')
ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, label = excluded.label, group_name = excluded.group_name,
wants = excluded.wants, state = CASE state WHEN 'withdrawn' THEN 'pending' ELSE state END
"""


class Manifest:
    """The database of one campaign."""

    def __init__(self, file: Path, connection: sqlite3.Connection) -> None:
        self._file = file
        self._database = connection

    @classmethod
    def create(cls, file: Path) -> Manifest:
        """The manifest at a path; made where there is none."""
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        manifest = cls(file, _connect(file))
        with manifest._change() as database:
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                for statement in _TABLES.split(";\n"):
                    database.execute(statement)
                database.execute("INSERT INTO meta VALUES ('version', ?)", (str(VERSION),))
        file.chmod(0o600)
        return manifest

    @classmethod
    def open(cls, file: Path) -> Manifest | None:
        """The manifest at a path, None where there is none."""
        if not file.is_file():
            return None
        manifest = cls(file, _connect(file))
        with manifest._asking() as database:
            known = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
        if not known:  # killed while it was made
            manifest.close()
            return None
        if (found := manifest.meta().get("version")) != str(VERSION):
            what = f"the manifest has version {found}, and this Assay knows {VERSION}"
            raise StoreError(what, where=str(file), remedy="use the Assay that made it")
        return manifest

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def meta(self) -> dict[str, str]:
        """What is known of the campaign itself."""
        with self._asking() as database:
            return dict(database.execute("SELECT key, value FROM meta").fetchall())

    def plan(self, campaign: Campaign) -> None:
        """Take a file's experiments in: new ones are added, those that are there keep what became of them, and what
        the file no longer names is withdrawn unless it is over or runs.
        """
        rows = [
            (e.id, seq, e.cell.id, e.cell.label, e.cell.group, e.cycle, e.cell.device)
            for seq, e in enumerate(campaign.experiments())
        ]
        about = {"name": campaign.name, "file": str(campaign.file), "sha256": campaign.sha256}
        about |= {"breaker": str(campaign.breaker), "devices": str(len(campaign.devices))}
        with self._change() as database:
            database.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", about.items())
            database.execute("CREATE TEMP TABLE IF NOT EXISTS named (id TEXT PRIMARY KEY) WITHOUT ROWID")
            database.execute("DELETE FROM named")
            database.executemany("INSERT INTO named VALUES (?)", ((row[0],) for row in rows))
            database.executemany(_INSERT, rows)
            database.execute(
                "UPDATE experiments SET state = 'withdrawn', reason = 'no longer in the file' "
                "WHERE state = 'pending' AND id NOT IN (SELECT id FROM named)"
            )

    def row(self, experiment: str) -> Row:
        """One experiment."""
        return next(self._rows("WHERE id = ?", (experiment,)))

    def rows(self, *states: State) -> list[Row]:
        """Experiments in these states, or all, in order."""
        marks = ", ".join("?" * len(states))
        where = f"WHERE state IN ({marks}) ORDER BY seq" if states else "ORDER BY seq"
        return list(self._rows(where, tuple(states)))

    def next_for(self, device: str, held: Iterable[str], cycle: int) -> Row | None:
        """The first experiment of a cycle that waits and may run there; ``held`` groups are passed over."""
        groups = tuple(held)
        where = f"""WHERE state = 'pending' AND cycle = ? AND (wants IS NULL OR wants = ?)
            AND group_name NOT IN ({", ".join("?" * len(groups))}) ORDER BY seq LIMIT 1"""
        return next(self._rows(where, (cycle, device, *groups)), None)

    def begin(self, row: Row, device: str, run: str) -> Row:
        """Note that the next generation of an experiment is given away, before it is; the row as it is then."""
        generation = row.generation + 1
        values = {"state": State.RUNNING, "generation": generation, "device": device, "run": run, "reason": ""}
        self._set(row.id, **values, begun_ns=time.time_ns(), ended_ns=None)
        return self.row(row.id)

    def settle(self, settled: Row) -> None:
        """Note what became of a generation."""
        values = {name: getattr(settled, name) for name in ("state", "failures", "kills", "ended_ns", "reason")}
        self._set(settled.id, **values)

    def open_cycle(self, held: Iterable[str]) -> int | None:
        """The first cycle in which anything is left to do, groups that are ``held`` apart; None where nothing is."""
        groups = tuple(held)
        query = f"""SELECT min(cycle) FROM experiments WHERE state = 'running'
            OR (state = 'pending' AND group_name NOT IN ({", ".join("?" * len(groups))}))"""  # noqa: S608 # nosec B608
        with self._asking() as database:
            found: int | None = database.execute(query, groups).fetchone()[0]
        return found

    def counts(self) -> dict[State, int]:
        """How many experiments are in each state."""
        with self._asking() as database:
            found = database.execute("SELECT state, count(*) FROM experiments GROUP BY state").fetchall()
        return {State(state): number for state, number in found}

    def cycles(self) -> list[tuple[int, State, int]]:
        """How many experiments of each cycle are in each state."""
        query = "SELECT cycle, state, count(*) FROM experiments GROUP BY cycle, state ORDER BY cycle"
        with self._asking() as database:
            return [(cycle, State(state), number) for cycle, state, number in database.execute(query).fetchall()]

    def durations(self) -> dict[str, tuple[int, float]]:
        """Of each cell, how many experiments are done, and the seconds they took together."""
        query = (
            "SELECT cell, count(*), sum(ended_ns - begun_ns) / 1e9 FROM experiments WHERE state = 'done' GROUP BY cell"
        )
        with self._asking() as database:
            return {cell: (number, seconds or 0.0) for cell, number, seconds in database.execute(query).fetchall()}

    def waiting(self) -> dict[str, int]:
        """Of each cell, how many experiments wait."""
        query = "SELECT cell, count(*) FROM experiments WHERE state = 'pending' GROUP BY cell"
        with self._asking() as database:
            return dict(database.execute(query).fetchall())

    def breakers(self) -> dict[str, tuple[int, str]]:
        """Failures one after another of each group, and the last one's reason."""
        with self._asking() as database:
            found = database.execute("SELECT group_name, failures, reason FROM breakers").fetchall()
        return {group: (failures, reason) for group, failures, reason in found}

    def note_failure(self, group: str, reason: str) -> None:
        """Count a failure of a group."""
        with self._change() as database:
            database.execute(
                "INSERT INTO breakers VALUES (?, 1, ?) "
                "ON CONFLICT (group_name) DO UPDATE SET failures = failures + 1, reason = excluded.reason",
                (group, reason),
            )

    def forgive(self, group: str | None = None) -> None:
        """Forget the failures of a group, or of all."""
        with self._change() as database:
            database.execute("DELETE FROM breakers WHERE ? IS NULL OR group_name = ?", (group, group))

    def retry(self) -> None:
        """Let experiments that failed be tried once more."""
        with self._change() as database:
            database.execute("UPDATE experiments SET state = 'pending', failures = 0, kills = 0 WHERE state = 'failed'")

    def _set(self, experiment: str, **values: Any) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        with self._change() as database:
            database.execute(f"UPDATE experiments SET {names} WHERE id = ?", (*values.values(), experiment))  # noqa: S608 # nosec B608

    def _rows(self, where: str, values: tuple[Any, ...]) -> Iterator[Row]:
        with self._asking() as database:
            found = database.execute(f"SELECT {_COLUMNS} FROM experiments {where}", values).fetchall()  # noqa: S608 # nosec B608
        for words in found:
            named: Mapping[str, Any] = dict(zip(Row.__struct_fields__, words, strict=True))
            yield Row(**{**named, "state": State(named["state"])})

    @contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._database
        except sqlite3.Error as error:
            raise StoreError(f"the manifest can't be used: {error}", where=str(self._file), remedy=_REMEDY) from error

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on disk when the block is left."""
        with self._asking() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")


_REMEDY = "check the disk; sealed runs are safe in the store"


def _connect(file: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(file, timeout=_WAIT_S, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error as error:
        raise StoreError(f"the manifest can't be opened: {error}", where=str(file), remedy=_REMEDY) from error
    return connection
