"""The store of runs: where records lie, and how they get in and out unharmed."""

from __future__ import annotations

import os
from pathlib import Path

from assay.settings import load_settings
from assay.store.drafts.draft import Draft
from assay.store.drafts.salvage import Salvaged
from assay.store.index.row import RunRow
from assay.store.local import Store
from assay.store.query import RunFilter
from assay.store.run import StoredRun

__all__ = ["Draft", "RunFilter", "RunRow", "Salvaged", "Store", "StoredRun", "open_store"]


def open_store(location: str | os.PathLike[str] | None = None) -> Store:
    """The store at a folder or fsspec URL; by default the one of the settings. Nothing is made before it is needed."""
    place = os.fspath(load_settings().store if location is None else location)
    protocol, separator, rest = place.partition("://")
    if separator and protocol not in {"file", "local"}:
        # fsspec and what it needs are loaded for distant stores only.
        from assay.store.remote.store import RemoteStore

        return RemoteStore(place)
    return Store(Path(rest if separator else place).expanduser().absolute())
