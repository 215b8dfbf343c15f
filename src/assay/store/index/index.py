"""The index of a store. It is never needed: missing, damaged, old or unwritable, it is made again or done without.

``index.sqlite`` keeps a rollback journal, not a write-ahead log, and is used under a lock of our own: with a log,
somebody who deletes the file while another has it open would leave two databases sharing one log.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from assay.store.index import tables
from assay.store.index.source import Source
from assay.store.index.sync import is_fresh, synchronise
from assay.store.layout import FILE_MODE

_Answer = TypeVar("_Answer")
_UNREADABLE = (sqlite3.Error, msgspec.MsgspecError, ValueError, TypeError)
"""What comes of a file whose bytes are not what was written."""
_Query = Callable[[sqlite3.Connection], _Answer]


class _NotUsableError(Exception):
    """The file can't serve, for a reason that does not matter: the answer is found without it."""


class Index:
    """Answers questions about all runs of a source, through a cache at ``path``."""

    def __init__(self, path: Path, source: Source) -> None:
        self._path = path
        self._lock_path = path.with_suffix(".lock")
        self._source = source
        self._memory: sqlite3.Connection | None = None

    def ask(self, query: _Query[_Answer]) -> _Answer:
        """The answer to ``query`` over all runs that are there now."""
        for attempt in (self._as_it_is, self._brought_up, self._made_again):
            with contextlib.suppress(_NotUsableError):
                return attempt(query)
        return self._without_file(query)

    def rebuild(self) -> None:
        """Make the index again from nothing."""
        with contextlib.suppress(_NotUsableError):
            self._made_again(lambda _: None)

    def _as_it_is(self, query: _Query[_Answer]) -> _Answer:
        with self._locked(fcntl.LOCK_SH), self._opened("ro") as database:
            if not (tables.is_current(database) and is_fresh(database, self._source)):
                raise _NotUsableError
            return query(database)

    def _brought_up(self, query: _Query[_Answer]) -> _Answer:
        with self._locked(fcntl.LOCK_EX), self._opened("rw") as database:
            if not tables.is_current(database):
                raise _NotUsableError
            synchronise(database, self._source)
            return query(database)

    def _made_again(self, query: _Query[_Answer]) -> _Answer:
        with self._locked(fcntl.LOCK_EX):
            for path in (self._path, self._path.with_name(self._path.name + "-journal")):
                path.unlink(missing_ok=True)
            os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE))
            with self._opened("rw") as database:
                tables.create(database)
                synchronise(database, self._source)
                return query(database)

    def _without_file(self, query: _Query[_Answer]) -> _Answer:
        """A store that can't be written lists from memory, kept for the next question."""
        if self._memory is None:
            self._memory = sqlite3.connect(":memory:", check_same_thread=False)
            tables.create(self._memory)
            self._copy_file(self._memory)
        if not is_fresh(self._memory, self._source):
            synchronise(self._memory, self._source)
        return query(self._memory)

    def _copy_file(self, memory: sqlite3.Connection) -> None:
        with contextlib.suppress(_NotUsableError), self._opened("ro&immutable=1") as database:
            if tables.is_current(database):
                database.backup(memory)

    @contextlib.contextmanager
    def _locked(self, kind: int) -> Iterator[None]:
        try:
            descriptor = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
        except OSError as error:
            raise _NotUsableError from error
        try:
            fcntl.flock(descriptor, kind)
            yield
        except OSError as error:
            raise _NotUsableError from error
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def _opened(self, mode: str) -> Iterator[sqlite3.Connection]:
        """A connection; whatever is wrong with the file is one and the same: not usable."""
        try:
            database = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode={mode}", uri=True, timeout=30)
        except sqlite3.Error as error:
            raise _NotUsableError from error
        try:
            # A loss of power may leave any of it behind; what is then damaged is made again.
            database.execute("PRAGMA synchronous = OFF")
            yield database
        except _UNREADABLE as error:
            raise _NotUsableError from error
        finally:
            database.close()
