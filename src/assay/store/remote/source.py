"""Runs of a distant store, as an index sees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.store.layout import RECORD_FILE, is_ulid
from assay.store.remote.place import Place


class RemoteSource:
    """Lists and reads what lies under ``runs/``; a run is there once its run.json is."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def token(self) -> tuple[str, int] | None:
        """Object storage tells of no last change: every question lists the names."""
        return None

    def names(self) -> set[str]:
        """Everything under ``runs/`` that bears an id."""
        return {name for name in self._place.names("runs") if is_ulid(name)}

    def records(self, ids: Sequence[str]) -> Iterator[bytes | OSError]:
        """The run.json of each run, or why there is none."""
        return self._place.read_many([f"runs/{ulid}/{RECORD_FILE}" for ulid in ids])
