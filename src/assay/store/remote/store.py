"""A store at a URL. Runs are sealed on this machine first and uploaded then, run.json last and create-only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from assay.errors import RecordError, StoreError
from assay.record.codec import decode_run
from assay.record.run import Artifact, Series
from assay.settings import cache_folder
from assay.store.drafts.draft import Shelf
from assay.store.drafts.incoming import receive
from assay.store.drafts.salvage import Salvaged
from assay.store.durable import digest_inside, make_folder, read_inside, rename_exclusive, storage
from assay.store.layout import RECORD_FILE, is_ulid
from assay.store.local import Store
from assay.store.lock import FolderLock
from assay.store.remote.place import Place
from assay.store.remote.source import RemoteSource
from assay.store.remote.tags import RemoteTags
from assay.store.run import StoredRun


class RemoteStore(Store):
    """Runs under a URL, written and read through a folder of this machine.

    A run that is sealed and could not be uploaded waits in ``outgoing`` and is uploaded the next time the store is
    opened here. Half an upload is never seen: a run is there once its run.json is, and that is written last, by a
    request that fails where one exists. Runs that were read are kept in the folder.
    """

    def __init__(self, url: str, cache: Path | None = None) -> None:
        self._place = Place(url)
        root = (cache or _cache_folder()) / "stores" / self._place.digest()
        super().__init__(root, source=RemoteSource(self._place), tags=RemoteTags(self._place))
        self._outgoing = root / "outgoing"

    @property
    def location(self) -> str:
        """The URL."""
        return self._place.url

    def receive(self, ulid: str) -> AbstractContextManager[Path]:
        """A private folder to fill with a finished run's files; when the block ends well, the run is in the store."""
        return self._received(ulid)

    def salvage(self) -> tuple[Salvaged, ...]:
        """Deal with what killed processes of this machine left, and upload what waits."""
        with storage("prepare the store's local folder", self.layout.root):
            self.layout.create()
            make_folder(self._outgoing)
        done = super().salvage()
        for name in sorted(path.name for path in self._outgoing.iterdir() if is_ulid(path.name)):
            self._upload(name, wait=False)
        return done

    def _shelf(self) -> Shelf:
        return Shelf(self._outgoing, self._deliver)

    def _exists(self) -> bool:
        with storage("prepare the store's local folder", self.layout.root):
            self.layout.create()
        return True

    def _at_hand(self, ulid: str) -> bool:  # noqa: ARG002 - whatever lies here may be gone there
        return False

    def _fetch(self, ulid: str) -> StoredRun:
        """The run in the local folder, where every file of it is copied and checked first."""
        folder = self.layout.run(ulid)
        if not folder.exists():
            with receive(self.layout, self.layout.runs, ulid) as incoming:
                self._download(ulid, incoming)
        return StoredRun(folder)

    def _discard(self, ulid: str) -> None:
        # Its record goes first: without it the run is gone, whatever else is still there.
        self._place.delete(f"runs/{ulid}/{RECORD_FILE}")
        self._place.delete(f"runs/{ulid}")
        super()._discard(ulid)

    def _download(self, ulid: str, folder: Path) -> None:
        where = f"{self._place.url}/runs/{ulid}"
        data = self._place.read(f"runs/{ulid}/{RECORD_FILE}")
        run = decode_run(data, where=f"{where}/{RECORD_FILE}")
        files: tuple[Series | Artifact, ...] = (*run.series, *run.artifacts)
        for item in files:
            target = folder / item.file
            make_folder(target.parent)
            self._place.download(f"runs/{ulid}/{item.file}", target)
            if digest_inside(folder, item.file) != (item.size_bytes, item.sha256):
                remedy = "upload the run again or remove it"
                raise RecordError(
                    "the file is not the one that was recorded", where=f"{where}/{item.file}", remedy=remedy
                )
        (folder / RECORD_FILE).write_bytes(data)

    def _deliver(self, folder: Path) -> StoredRun:
        try:
            self._upload(folder.name, wait=True)
        except StoreError as error:
            remedy = f"it is kept in {folder} and uploaded when the store is next opened"
            raise StoreError(
                f"the run is sealed but not uploaded: {error.what}", where=error.where, remedy=remedy
            ) from error
        return StoredRun(self.layout.run(folder.name))

    def _upload(self, ulid: str, *, wait: bool) -> None:
        """Upload one waiting run; another process may be at it or be done with it."""
        lock = FolderLock(self._outgoing, ulid)
        if not lock.acquire(wait=wait):
            return
        try:
            if (self._outgoing / ulid).exists():
                self._commit(ulid)
            lock.dispose()
        finally:
            lock.release()

    def _commit(self, ulid: str) -> None:
        folder = self._outgoing / ulid
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and name != RECORD_FILE:
                self._place.upload(path, f"runs/{ulid}/{name}")
        try:
            self._place.create(f"runs/{ulid}/{RECORD_FILE}", read_inside(folder, RECORD_FILE))
        except FileExistsError as error:
            remedy = f"runs are never replaced; the one of this machine is in {folder}"
            raise StoreError("a run of this id is in the store already", where=ulid, remedy=remedy) from error
        with storage("keep a run", folder):
            try:
                rename_exclusive(folder, self.layout.run(ulid))
            except FileExistsError:
                shutil.rmtree(folder)

    @contextmanager
    def _received(self, ulid: str) -> Iterator[Path]:
        self._tidy()
        with storage("prepare the store's local folder", self.layout.root):
            self._exists()
            make_folder(self._outgoing)
        if ulid in self._place.names("runs"):
            raise StoreError("a run of this id is in the store already", where=ulid, remedy="remove that one first")
        with receive(self.layout, self._outgoing, ulid) as folder:
            yield folder
        self._deliver(self._outgoing / ulid)


def _cache_folder() -> Path:
    folder = cache_folder(os.environ)
    if folder is None:
        remedy = "set HOME or XDG_CACHE_HOME"
        raise StoreError("there is no home folder to keep runs that were read in", where="cache", remedy=remedy)
    return folder
