"""Where things lie inside a store's folder."""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600

RECORD_FILE = "run.json"
JOURNAL_FILE = "journal.jsonl"
STREAM_SUFFIX = ".arrows"

REMOVED_PREFIX = "removed-"
"""Folders in ``tmp`` that only wait for their files to be deleted."""
INCOMING_PREFIX = "incoming-"
"""Folders in ``tmp`` being filled from a source elsewhere: worth nothing once their owner is gone."""

_ULID = re.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}")


def is_working_file(relative: str) -> bool:
    """Whether a draft's file is no part of the sealed run: the journal, and streams that became Parquet."""
    return relative == JOURNAL_FILE or ("/" not in relative and relative.endswith(STREAM_SUFFIX))


def is_ulid(name: str) -> bool:
    """Whether a folder's name is a run's id."""
    return _ULID.fullmatch(name) is not None


@dataclass(frozen=True)
class Layout:
    """The folders and files of the store at ``root``."""

    root: Path

    @property
    def runs(self) -> Path:
        """Sealed runs, one folder each."""
        return self.root / "runs"

    @property
    def tmp(self) -> Path:
        """Drafts, their locks, and what waits to be deleted."""
        return self.root / "tmp"

    @property
    def damaged(self) -> Path:
        """Drafts of which no run could be made, each with the reason."""
        return self.root / "damaged"

    @property
    def tags(self) -> Path:
        """One small file per tag."""
        return self.root / "tags"

    @property
    def findings(self) -> Path:
        """What was made from runs and can be made again."""
        return self.root / "findings"

    @property
    def expectations(self) -> Path:
        """Claims that were written down before the runs that are to show them."""
        return self.root / "expectations"

    @property
    def index(self) -> Path:
        """The cache over ``runs``."""
        return self.root / "index.sqlite"

    def run(self, ulid: str) -> Path:
        """Folder of a sealed run."""
        return self.runs / ulid

    def draft(self, ulid: str) -> Path:
        """Folder of a draft."""
        return self.tmp / ulid

    def create(self) -> None:
        """Make the folders that writing needs; those that exist are left as they are.

        Folders of another user are not written to: what is recorded would be theirs to read and to change.
        """
        self.root.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        for folder in (self.runs, self.tmp):
            folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
            if os.geteuid() not in {0, folder.stat().st_uid}:
                raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(folder))
