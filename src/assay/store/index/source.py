"""Where an index gets its runs from: the folders of a store, or another place that lists and reads them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from assay.store.durable import MAX_RECORD_BYTES
from assay.store.layout import RECORD_FILE, is_ulid

_READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_ID_LENGTH = 26
_CHUNK_BYTES = 64 << 10


class Source(Protocol):
    """Lists sealed runs and reads their records."""

    def token(self) -> tuple[str, int] | None:
        """A value that changes when runs come or go, with the time of the last change; null where there is none.

        The time is nanoseconds since 1970: a change of this very moment may be followed by one with the same token.
        """

    def names(self) -> set[str]:
        """Ids of all runs that may be there."""

    def records(self, ids: Sequence[str]) -> Iterator[bytes | OSError]:
        """Content of each run's run.json, or why there is none, in order."""


class FolderSource:
    """Sealed runs in a folder."""

    def __init__(self, runs: Path) -> None:
        self.folder = str(runs)

    def token(self) -> tuple[str, int] | None:
        """Identity, time of change, links and size of the folder: one look, however many runs there are."""
        try:
            found = os.stat(self.folder)  # noqa: PTH116 - called for every list; a Path costs more than the call
        except FileNotFoundError:
            return None
        state = (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_nlink, found.st_size)
        return ":".join(map(str, state)), found.st_mtime_ns

    def names(self) -> set[str]:
        """Names as long as an id; whether they are one, and a folder, is looked at when their record is read."""
        try:
            return {name for name in os.listdir(self.folder) if len(name) == _ID_LENGTH}  # noqa: PTH208 - for speed
        except FileNotFoundError:
            return set()

    def records(self, ids: Sequence[str]) -> Iterator[bytes | OSError]:
        """The bytes of each run.json."""
        return (_read_file(f"{self.folder}/{ulid}") if is_ulid(ulid) else OSError("not an id") for ulid in ids)


def _read_file(folder: str) -> bytes | OSError:
    try:
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            return NotADirectoryError("not a folder")
        descriptor = os.open(f"{folder}/{RECORD_FILE}", _READ_FLAGS)
        try:
            return _read_all(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        return error


def _read_all(descriptor: int) -> bytes:
    data = os.read(descriptor, _CHUNK_BYTES)
    if len(data) < _CHUNK_BYTES:
        return data
    chunks = [data]
    while data and len(chunks) * _CHUNK_BYTES <= MAX_RECORD_BYTES:
        data = os.read(descriptor, _CHUNK_BYTES)
        chunks.append(data)
    return b"".join(chunks)
