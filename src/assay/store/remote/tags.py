"""Tags of a distant store: one small object each, as the local store has one small file each."""

from __future__ import annotations

from assay.errors import StoreError
from assay.store.remote.place import Place
from assay.store.tags import Tags, check_tag, is_tag, tagged_id

_FOLDER = "tags"


class RemoteTags(Tags):
    """One object per tag, holding the run's id."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def all(self) -> dict[str, str]:
        """Run's id by tag."""
        names = sorted(name for name in self._place.names(_FOLDER) if is_tag(name))
        answers = self._place.read_many([f"{_FOLDER}/{name}" for name in names])
        found = {name: tagged_id(data) for name, data in zip(names, answers, strict=True) if isinstance(data, bytes)}
        return {name: ulid for name, ulid in found.items() if ulid is not None}

    def target(self, name: str) -> str | None:
        """Id that a tag stands for; null where there is no such tag."""
        try:
            return tagged_id(self._place.read(f"{_FOLDER}/{name}")) if is_tag(name) else None
        except FileNotFoundError:
            return None

    def put(self, name: str, ulid: str) -> None:
        """Let a tag stand for a run, and no longer for another."""
        check_tag(name)
        self._place.write(f"{_FOLDER}/{name}", f"{ulid}\n".encode())

    def drop(self, name: str) -> None:
        """Take a tag away."""
        if self.target(name) is None:
            raise StoreError(f"there is no tag {name!r}", remedy=f"tags are: {', '.join(self.all()) or 'none'}")
        self._place.delete(f"{_FOLDER}/{name}")
