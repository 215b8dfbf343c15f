"""Copies of the target's own source files that were seen on its stacks, as they are when the run ends."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from assay.analyze.evidence.frames import own_files
from assay.record.diagnosis.raw import FILES, SOURCES_FILE, Source, SourceIndex

_COLLECTOR = "sources"
_MOST_FILES = 200
_LARGEST_BYTES = 2 << 20
_ALL_BYTES = 16 << 20


class Keeper(Protocol):
    """The part of a draft that files are kept in."""

    @property
    def folder(self) -> Path:
        """Where the draft's files lie."""

    def flush_tables(self) -> None:
        """Write what waits, so that it can be read."""

    def artifact(self, file: str, *, collector: str, media_type: str) -> Path:
        """Announce a file, and get the path to write it to."""


def keep_sources(draft: Keeper, cwd: Path) -> None:
    """Keep what the analysis and the report show of the target's code: files that its stacks named, no others.

    A file that has changed, vanished or is no plain file by now is left out: a place without its source is still one.
    """
    draft.flush_tables()
    frames = draft.folder / FILES["frames"][0]
    if not frames.is_file():
        return
    kept: list[Source] = []
    left = _ALL_BYTES
    for path in own_files(frames)[:_MOST_FILES]:
        content = _read(cwd / path, min(left, _LARGEST_BYTES))
        if content is None:
            continue
        left -= len(content)
        file = f"raw/sources/{len(kept):03}.txt"
        draft.artifact(file, collector=_COLLECTOR, media_type="text/plain").write_bytes(content)
        kept.append(Source(path=path, file=file))
    if kept:
        _write_index(draft, kept)


def _write_index(draft: Keeper, kept: Sequence[Source]) -> None:
    index = SourceIndex(sources=tuple(kept))
    path = draft.artifact(SOURCES_FILE, collector=_COLLECTOR, media_type="application/json")
    path.write_bytes(msgspec.json.encode(index))


def _read(path: Path, limit_bytes: int) -> bytes | None:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > limit_bytes:
            return None
        return path.read_bytes()
    except (OSError, ValueError):  # a name that no file system has
        return None
