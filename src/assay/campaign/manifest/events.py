"""The log of what happened, a line of JSON each, for people and for other programs; nothing is decided by it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from assay.store.durable import storage


class Events:
    """Writes whole lines at the end of one file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with storage("log events", file):
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            self._descriptor = os.open(file, flags, 0o600)
            size = os.fstat(self._descriptor).st_size
            if size and os.pread(self._descriptor, 1, size - 1) != b"\n":
                os.write(self._descriptor, b"\n")  # a line that a kill cut in two

    def add(self, event: str, **about: Any) -> None:
        """Log an event, by one write."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = msgspec.json.encode({"at": at, "event": event, **{k: v for k, v in about.items() if v is not None}})
        with storage("log events", self._file):
            os.write(self._descriptor, line + b"\n")

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)
