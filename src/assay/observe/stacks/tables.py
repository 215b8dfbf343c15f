"""The two tables of stacks, shared by whoever reads stacks: rows of one refer to rows of the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from assay.observe.collector import Sink
from assay.observe.stacks.tree import FrameTree

Row = tuple[int, int, int, int, bool | None]
"""Time in ns, process, thread, node, and whether the thread was runnable."""


class StackTables:
    """Writes stacks of any number of sources; each may run in a thread of its own."""

    def __init__(self, sink: Sink) -> None:
        self._stacks, self._frames = sink.table("stacks"), sink.table("frames")
        self._tree = FrameTree()
        self._lock = threading.Lock()
        self.rows = 0

    def add(self, read: Callable[[FrameTree], Sequence[Row]]) -> None:
        """Keep the rows that are read with the help of the tree; frames go first, so that no row refers to nothing."""
        with self._lock:
            rows = read(self._tree)
            self._frames.extend(self._tree.take_fresh())
            self._stacks.extend(rows)
            self.rows += len(rows)
