"""A store in a folder."""

from __future__ import annotations

import os
import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Unpack

import msgspec

from assay.errors import AssayError, RunNotFoundError, StoreError
from assay.record.environment import Environment
from assay.record.plan import Plan, Position, Software
from assay.store.drafts.draft import Beginning, Draft, Shelf
from assay.store.drafts.incoming import receive
from assay.store.drafts.salvage import Salvaged, salvage
from assay.store.durable import make_folder, replace_file, storage, sync_folder
from assay.store.expectations import Expectations
from assay.store.index import tables
from assay.store.index.index import Index
from assay.store.index.row import RunRow
from assay.store.index.source import FolderSource, Source
from assay.store.layout import RECORD_FILE, REMOVED_PREFIX, Layout, is_ulid
from assay.store.query import RunFilter, condition, limit_of
from assay.store.references import is_path, resolve
from assay.store.run import StoredRun
from assay.store.software import this_software
from assay.store.tags import Tags, by_run

_BEGIN = "run `assay demo` to make a run"


class Store:
    """Runs in a folder: written by any number of processes at once, read by any number meanwhile.

    What killed processes left is dealt with whenever the store is listed or written; nothing is to be repaired
    by hand. Reading never makes a store where there is none.
    """

    def __init__(self, root: Path, source: Source | None = None, tags: Tags | None = None) -> None:
        self.layout = Layout(root)
        self._tags = tags or Tags(self.layout.tags)
        self._index = Index(self.layout.index, source or FolderSource(self.layout.runs))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.location!r})"

    @property
    def location(self) -> str:
        """Where the store is: its folder or URL."""
        return str(self.layout.root)

    def draft(
        self,
        plan: Plan,
        environment: Environment,
        position: Position = Position(),  # noqa: B008 - frozen
        software: Software | None = None,
        ulid: str | None = None,
    ) -> Draft:
        """Begin a run; ``ulid`` is its id where that is decided already, and there is none of that id yet."""
        self._tidy()
        software = software or this_software()
        beginning = Beginning(plan=plan, environment=environment, software=software, position=position)
        draft = Draft(self.layout, beginning, self._shelf(), ulid)
        if expected := self.expectations.open(position.session):
            draft.add(expectations=expected)
        return draft

    def runs(self, **filters: Unpack[RunFilter]) -> list[RunRow]:
        """Sealed runs that meet all filters, newest first."""
        self._tidy()
        if not self._exists():
            return []
        tags = self.tags()
        where, values = condition(filters, tags)
        limit = limit_of(filters)
        rows = self._index.ask(lambda database: tables.select_rows(database, where, values, limit))
        names = by_run(tags)
        return [_tagged(row, names) for row in rows] if names else rows

    def get(self, reference: str) -> StoredRun:
        """One run, by an unambiguous prefix of its id, ``@latest``, ``@-2``, a tag or a path."""
        if is_path(reference):
            return _run_at(Path(reference).expanduser())
        self._tidy()
        if not self._exists():
            raise RunNotFoundError(f"no run {reference!r}: there is no store yet", where=self.location, remedy=_BEGIN)
        if is_ulid(reference) and self._at_hand(reference):
            return StoredRun(self.layout.run(reference))
        tags = self.tags()
        return self._fetch(self._index.ask(lambda index: resolve(index, reference, tags)))

    def tags(self) -> dict[str, str]:
        """Run's id by tag."""
        return self._tags.all()

    def tag(self, reference: str, name: str) -> None:
        """Give a run a name; a tag that named another run names this one from now on."""
        self._tags.put(name, self.get(reference).id)

    def untag(self, name: str) -> None:
        """Take a name away."""
        self._tags.drop(name)

    def keep_findings(self, ulid: str, name: str, data: bytes) -> Path:
        """Put a document that was made from a run beside it; it may be made again and replaces the one before."""
        folder = self.layout.findings / ulid
        with storage("keep findings", folder):
            make_folder(self.layout.findings)
            make_folder(folder)
            replace_file(folder / name, data)
        return folder / name

    def remove(self, reference: str) -> str:
        """Remove a run with its files, findings and tags, and return its id. It is gone at once or not at all."""
        run = self.get(reference)
        if run.folder.parent != self.layout.runs:
            raise RunNotFoundError(f"{reference} is not in the store", remedy="name a run of `assay runs list`")
        self._discard(run.id)
        for name in by_run(self.tags()).get(run.id, ()):
            self._tags.drop(name)
        return run.id

    @property
    def expectations(self) -> Expectations:
        """Claims that later runs carry, as proof of when they were made."""
        return Expectations(self.layout.expectations)

    def reindex(self) -> int:
        """Make the index again; returns the number of runs in it."""
        self._tidy()
        if not self._exists():
            return 0
        self._index.rebuild()
        return self._index.ask(tables.count)

    def receive(self, ulid: str) -> AbstractContextManager[Path]:
        """A private folder to fill with a finished run's files; when the block ends well, the run is in the store."""
        return receive(self.layout, self.layout.runs, ulid)

    def unreadable(self) -> dict[str, str]:
        """Folders among the runs that hold no readable record, with the reason. They are never listed as runs."""
        return self._index.ask(tables.skipped_reasons) if self._exists() else {}

    def salvage(self) -> tuple[Salvaged, ...]:
        """Deal with what killed processes left: drafts become runs of status ``interrupted``."""
        return salvage(self.layout, self._shelf().folder)

    def _shelf(self) -> Shelf:
        """Where sealed runs go."""
        return Shelf(self.layout.runs, StoredRun)

    def _exists(self) -> bool:
        """Whether there is a store at all; a file in its place is a mistyped name, and no store without runs."""
        if self.layout.root.is_file():
            raise StoreError("this is a file, and no store", where=self.location, remedy="name the store's folder")
        return self.layout.runs.is_dir()

    def _at_hand(self, ulid: str) -> bool:
        """Whether a run can be had without asking the index."""
        folder = self.layout.run(ulid)
        links = folder.is_symlink() or (folder / RECORD_FILE).is_symlink()
        return (folder / RECORD_FILE).is_file() and not links

    def _fetch(self, ulid: str) -> StoredRun:
        """The run of that id, which is in the index."""
        return StoredRun(self.layout.run(ulid))

    def _discard(self, ulid: str) -> None:
        """Take a run out of sight at once, and delete its files then."""
        folder, away = self.layout.run(ulid), self.layout.tmp / f"{REMOVED_PREFIX}{ulid}-{os.urandom(4).hex()}"
        with storage("remove a run", folder):
            self.layout.create()
            folder.rename(away)
            sync_folder(self.layout.runs)
            shutil.rmtree(self.layout.findings / ulid, ignore_errors=True)
            shutil.rmtree(away, ignore_errors=True)

    def _tidy(self) -> None:
        """Salvage where that is possible: a store that can't be written is still read."""
        try:
            self.salvage()
        except (AssayError, OSError):
            return


def _tagged(row: RunRow, names: dict[str, tuple[str, ...]]) -> RunRow:
    return msgspec.structs.replace(row, tags=names[row.id]) if row.id in names else row


def _run_at(path: Path) -> StoredRun:
    folder = path.parent if path.name == RECORD_FILE else path
    if not (folder / RECORD_FILE).is_file():
        raise RunNotFoundError("no run there", where=str(path), remedy=f"name a folder that holds {RECORD_FILE}")
    return StoredRun(folder.absolute())
