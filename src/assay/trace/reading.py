"""Opening a trace: the reader is found by what the file holds, whatever it is called."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assay.errors import RecordError
from assay.plugins import Folder
from assay.trace.source import Trace

READERS = Folder("assay.trace.readers")
HEAD_BYTES = 1 << 16
"""How much of a file readers are shown to recognise it by."""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A plug-in of ``trace/readers``: one format."""

    name: str
    """Its name, which is its file's."""
    title: str
    """What it reads, in words."""
    recognises: Callable[[bytes], bool]
    """Whether a file that begins so is of the format; sees ``HEAD_BYTES`` and never raises."""
    open: Callable[[Path], Trace]
    """Open a file that was recognised; a damaged one raises RecordError."""


def open_trace(path: Path) -> Trace:
    """The trace in a file."""
    head = read_head(path)
    readers: dict[str, Reader] = READERS.load_all()
    chosen = next((reader for reader in readers.values() if reader.recognises(head)), None)
    if chosen is None:
        titles = "; ".join(reader.title for reader in readers.values())
        raise RecordError("no trace that can be read", where=str(path), remedy=f"formats are: {titles}")
    return chosen.open(path)


def read_head(path: Path) -> bytes:
    """The first bytes of a plain file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise RecordError("is no plain file", where=str(path), remedy="name a file that holds a trace")
            return file.read(HEAD_BYTES)
    except OSError as error:
        reason = error.strerror or "can't be read"
        raise RecordError(reason, where=str(path), remedy="name a file that holds a trace") from error
