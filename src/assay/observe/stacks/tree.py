"""The prefix tree of stacks: each frame under its caller once, so that a stack is one number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Frame(NamedTuple):
    """One frame of a stack."""

    function: str
    """Qualified name where the interpreter has one, else the name."""
    file: str
    """Path as the interpreter knows it."""
    line: int
    """Line being executed; 0 where unknown."""


OUTSIDE = -1
"""Node of a thread that is in no Python function, and parent of an outermost frame."""


class FrameTree:
    """Numbers every stack it is shown; the number is a row of the ``frames`` table."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[int, Frame], int] = {}
        self._fresh: list[tuple[int, Frame]] = []

    def __len__(self) -> int:
        return len(self._nodes)

    def node(self, parent: int, frame: Frame) -> int:
        """The number of a frame under its caller's number."""
        key = (parent, frame)
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = len(self._nodes)
            self._fresh.append(key)
        return found

    def stack(self, frames: Iterable[Frame]) -> int:
        """The number of a stack, outermost frame first."""
        node = OUTSIDE
        for frame in frames:
            node = self.node(node, frame)
        return node

    def take_fresh(self) -> list[tuple[int, str, str, int]]:
        """Rows of the ``frames`` table for the frames that came since the last call, in their order."""
        fresh, self._fresh = self._fresh, []
        return [(parent, *frame) for parent, frame in fresh]
