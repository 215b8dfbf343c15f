"""Tags: names that people give to runs. They lie outside the sealed runs and may change; one tag names one run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from assay.errors import RecordError, StoreError, UsageError
from assay.store.durable import make_folder, read_inside, replace_file, storage
from assay.store.layout import is_ulid

_TAG = re.compile("[A-Za-z0-9_][A-Za-z0-9_.+=-]{0,127}")
_MAX_BYTES = 64


class Tags:
    """One small file per tag, holding the run's id: set and taken away by one rename each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> dict[str, str]:
        """Run's id by tag."""
        try:
            names = sorted(path.name for path in self._folder.iterdir() if is_tag(path.name))
        except FileNotFoundError:
            return {}
        found = {name: self.target(name) for name in names}
        return {name: ulid for name, ulid in found.items() if ulid is not None}

    def target(self, name: str) -> str | None:
        """Id that a tag stands for; null where there is no such tag."""
        try:
            return tagged_id(read_inside(self._folder, name, _MAX_BYTES)) if is_tag(name) else None
        except (OSError, RecordError):
            return None

    def put(self, name: str, ulid: str) -> None:
        """Let a tag stand for a run, and no longer for another."""
        check_tag(name)
        with storage("set a tag", self._folder):
            make_folder(self._folder)
            replace_file(self._folder / name, f"{ulid}\n".encode())

    def drop(self, name: str) -> None:
        """Take a tag away."""
        if self.target(name) is None:
            raise StoreError(f"there is no tag {name!r}", remedy=f"tags are: {', '.join(self.all()) or 'none'}")
        with storage("remove a tag", self._folder):
            (self._folder / name).unlink()


def by_run(tags: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Tags by run's id."""
    runs: dict[str, tuple[str, ...]] = {}
    for name, ulid in tags.items():
        runs[ulid] = (*runs.get(ulid, ()), name)
    return runs


def is_tag(name: str) -> bool:
    """Whether a name may be a tag's."""
    return _TAG.fullmatch(name) is not None


def tagged_id(data: bytes) -> str | None:
    """The id in a tag's content; null where it holds none."""
    ulid = data.decode("ascii", "replace").strip()
    return ulid if is_ulid(ulid) else None


def check_tag(name: str) -> None:
    """Refuse a name that can't be a tag."""
    if not is_tag(name) or is_ulid(name.upper()):
        remedy = "use up to 128 letters, digits, '_', '.', '+', '=' or '-'; an id is no tag"
        raise UsageError(f"{name!r} can't be a tag", remedy=remedy)
