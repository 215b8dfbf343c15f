"""The journal of the target's tree: written line by line, and told to the observers that want to hear it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from assay.observe.collector import SeesLives
from assay.observe.tree import Tree

INTERVAL_NS = 50_000_000
"""Time between two looks at the tree: a process that lives shorter is counted in its parent's times alone."""


class Lives:
    """Follows a tree, look by look."""

    def __init__(self, tree: Tree, path: Path, listeners: Sequence[SeesLives]) -> None:
        self._tree = tree
        self._listeners = listeners
        self._file = path.open("wb", buffering=0)
        self._encoder = msgspec.json.Encoder()

    def look(self, now_ns: int) -> None:
        """Write down what happened in the tree since the last look, and pass it on."""
        for life in self._tree.look(now_ns):
            self._file.write(self._encoder.encode(life) + b"\n")
            for listener in self._listeners:
                listener.seen(life)

    def close(self) -> None:
        """End the journal."""
        self._file.close()
