"""Room for what a query over a run's files spills: in the store's ``tmp``, never in the sealed run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assay.store.layout import INCOMING_PREFIX, Layout
from assay.store.lock import FolderLock


@contextmanager
def scratch_beside(run_folder: Path) -> Iterator[Path]:
    """A path that may become a folder; it is gone when the block ends, or when the store is next opened."""
    tmp = Layout(run_folder.parent.parent).tmp
    if run_folder.parent.name != "runs" or not os.access(tmp, os.W_OK):
        with tempfile.TemporaryDirectory(prefix="assay-") as folder:
            yield Path(folder)
        return
    name = f"{INCOMING_PREFIX}query-{os.urandom(4).hex()}"
    lock = FolderLock(tmp, name)
    lock.acquire(wait=True)
    try:
        yield tmp / name
    finally:
        shutil.rmtree(tmp / name, ignore_errors=True)
        lock.dispose()
