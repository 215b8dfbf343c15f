"""Room for what is needed for a while, never in a sealed run. What killed processes left there goes by itself."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assay.store.layout import FOLDER_MODE, INCOMING_PREFIX, Layout
from assay.store.lock import FolderLock, folder_of

_PREFIX = "assay-scratch-"


@contextmanager
def scratch_beside(run_folder: Path) -> Iterator[Path]:
    """A path that may become a folder, in the run's store; it is gone afterwards, or when the store is next opened."""
    tmp = Layout(run_folder.parent.parent).tmp
    if run_folder.parent.name != "runs" or not os.access(tmp, os.W_OK):
        with scratch_elsewhere() as folder:
            yield folder
        return
    with _held(tmp, f"{INCOMING_PREFIX}query-{os.urandom(4).hex()}") as path:
        yield path


@contextmanager
def scratch_elsewhere() -> Iterator[Path]:
    """An empty folder among the system's temporary ones that only this user may enter, gone afterwards."""
    parent = Path(tempfile.gettempdir())
    _remove_abandoned(parent)
    with _held(parent, f"{_PREFIX}{os.urandom(8).hex()}") as folder:
        folder.mkdir(mode=FOLDER_MODE)
        yield folder


@contextmanager
def _held(parent: Path, name: str) -> Iterator[Path]:
    lock = FolderLock(parent, name)
    lock.acquire(wait=True)
    try:
        yield parent / name
    finally:
        shutil.rmtree(parent / name, ignore_errors=True)
        lock.dispose()


def _remove_abandoned(parent: Path) -> None:
    """Remove this user's folders that nobody holds any more."""
    for path in parent.glob(f"{_PREFIX}*"):
        name = folder_of(path.name)
        with suppress(OSError):
            if (
                name is not None
                and path.lstat().st_uid == os.geteuid()
                and (lock := FolderLock(parent, name)).acquire()
            ):
                shutil.rmtree(parent / name, ignore_errors=True)
                lock.dispose()
