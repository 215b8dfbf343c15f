"""What the target wrote: counted and hashed in full, kept at both ends."""

from __future__ import annotations

import hashlib
from pathlib import Path

from assay.record.base import Record

HEAD_BYTES = 512 * 1024
TAIL_BYTES = 512 * 1024


class OutputSummary(Record, kw_only=True):
    """Size and hash of everything that was written, kept or not."""

    size_bytes: int
    sha256: str


class Unkept:
    """For output that is only passed on."""

    def write(self, data: bytes) -> None:
        """Forget it."""


class CappedLog:
    """A file that keeps the first and the last half megabyte of a stream of any length."""

    def __init__(self, path: Path, head_bytes: int = HEAD_BYTES, tail_bytes: int = TAIL_BYTES) -> None:
        self._file = path.open("wb", buffering=0)
        self._head_room = head_bytes
        self._tail_bytes = tail_bytes
        self._tail = bytearray()
        self._left_out = 0
        self._size = 0
        self._hash = hashlib.sha256()

    def write(self, data: bytes) -> None:
        """Take the next piece."""
        self._size += len(data)
        self._hash.update(data)
        head = data[: self._head_room]
        self._file.write(head)
        self._head_room -= len(head)
        self._tail += data[len(head) :]
        self._forget_middle(self._tail_bytes * 2)

    def close(self) -> OutputSummary:
        """Write what is left, with a line that says how much is not there."""
        self._forget_middle(self._tail_bytes)
        if self._left_out:
            self._file.write(f"\n[assay left out {self._left_out} bytes here]\n".encode())
        self._file.write(self._tail)
        self._file.close()
        return OutputSummary(size_bytes=self._size, sha256=self._hash.hexdigest())

    def _forget_middle(self, limit: int) -> None:
        """Cut the tail back once it is larger than ``limit``, so that cutting costs little per byte."""
        if len(self._tail) > limit:
            surplus = len(self._tail) - self._tail_bytes
            del self._tail[:surplus]
            self._left_out += surplus
