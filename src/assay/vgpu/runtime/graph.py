"""Graphs: launches captured once and replayed without Python."""

from __future__ import annotations

import weakref

from assay.vgpu.runtime.native import native


class Graph:
    """What a capture noted; see :meth:`assay.vgpu.Stream.capture`.

    It keeps the memory of its operands. A replay reads and writes that same memory again.
    """

    __slots__ = ("__weakref__", "_handle")

    def __init__(self, handle: int) -> None:
        self._handle = handle
        weakref.finalize(self, native.graph_close, handle).atexit = False

    @property
    def handle(self) -> int:
        """Its number in the native core."""
        return self._handle

    def __len__(self) -> int:
        """How many launches and steps it holds."""
        return native.graph_size(self._handle)
