"""Where a campaign keeps what it knows: a folder of the store, found by the path of the file alone."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

_UNNAMEABLE = re.compile(r"[^A-Za-z0-9._-]+")

SOON, NOW = "soon", "now"
"""Wishes to stop: once what runs has ended, or at once."""


@dataclass(frozen=True)
class Place:
    """The files of one campaign."""

    folder: Path

    @property
    def manifest(self) -> Path:
        """The database."""
        return self.folder / "manifest.sqlite"

    @property
    def events(self) -> Path:
        """What happened, a line of JSON each."""
        return self.folder / "events.jsonl"

    @property
    def results(self) -> Path:
        """One file for each attempt that came to an end, by rename."""
        return self.folder / "results"

    @property
    def logs(self) -> Path:
        """What workers wrote."""
        return self.folder / "logs"

    @property
    def wish(self) -> Path:
        """There while somebody wants the campaign to stop."""
        return self.folder / "stop"


def place_of(store: Path, file: Path) -> Place:
    """The campaign of that file: another file is another campaign, and one that was edited is the same."""
    path = file.expanduser().resolve()
    digest = hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    stem = _UNNAMEABLE.sub("-", path.stem).strip("-.")[:60] or "campaign"
    return Place(store / "campaigns" / f"{stem}-{digest}")
