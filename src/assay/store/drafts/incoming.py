"""A finished run from elsewhere on its way into the store: filled out of sight, shown by the same one rename."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assay.errors import StoreError
from assay.store.drafts.contents import take_in
from assay.store.drafts.seal import publish
from assay.store.durable import storage
from assay.store.layout import FOLDER_MODE, INCOMING_PREFIX, Layout
from assay.store.lock import FolderLock


@contextmanager
def receive(layout: Layout, shelf: Path, ulid: str) -> Iterator[Path]:
    """Give a private folder to fill; when the block ends well it becomes the run ``ulid``, otherwise it is gone.

    A run of that id that is there already is never replaced.
    """
    with storage("take in a run", layout.root):
        layout.create()
        if (shelf / ulid).exists():
            raise StoreError("a run of this id is in the store already", where=ulid, remedy="remove that one first")
        name = f"{INCOMING_PREFIX}{ulid}-{os.urandom(4).hex()}"
        lock = FolderLock(layout.tmp, name)
        lock.acquire(wait=True)
        folder = layout.tmp / name / ulid
        try:
            folder.mkdir(mode=FOLDER_MODE, parents=True)
            yield folder
            take_in(folder, (), ())
            publish(folder, shelf)
        finally:
            shutil.rmtree(layout.tmp / name, ignore_errors=True)
            lock.dispose()
