"""The tree of Python frames: which are the target's own code, and what lies below a line of it."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assay.analyze.evidence.tables import Table, read_table

Nodes = NDArray[np.int32]
NO_SITE = -1

_FOREIGN = re.compile(
    r"""(^<frozen\ |^<__array_function__|^<attrs\ generated
      |/(site|dist)-packages/
      |/lib(64)?/python\d+(\.\d+)?/
      |/lib/python\d+\.\d+\.zip/
      |^~$|^$)""",
    re.VERBOSE,
)
"""Paths of code that came with Python or was installed: callees, not places where a user would look for a cause."""
_STARTING = re.compile(r"(^<frozen (importlib|runpy|zipimport|site|os|codecs|getpath)|/runpy\.py$)")
"""Frames that only start a program."""


def seen_files(frames: Path) -> list[str]:
    """Every file in a table of frames, as it is named there."""
    return list(read_table(frames, "frames").names["file"])


def own_files(frames: Path) -> list[str]:
    """Files of the target's own code in a table of frames, sorted; those that can't be files are left out."""
    names = seen_files(frames)
    return sorted(name for name in names if name and not name.startswith("<") and is_own(name))


def is_own(file: str) -> bool:
    """Whether a file is the target's own code."""
    return _FOREIGN.search(file) is None


class FrameTree:
    """Frames of all stacks; a frame's number is its row, and its caller's number is smaller."""

    def __init__(self, frames: Table) -> None:
        self._frames = frames
        self.parent: Nodes = frames["parent"].astype(np.int32)
        self.line: Nodes = frames["line"].astype(np.int32)

    def __len__(self) -> int:
        return len(self._frames)

    def file(self, node: int) -> str:
        """File of a frame."""
        return self._frames.text("file", node)

    def function(self, node: int) -> str:
        """Function of a frame."""
        return self._frames.text("function", node)

    def path(self, node: int) -> list[int]:
        """The frame and its callers, innermost first."""
        found = []
        while node >= 0:
            found.append(node)
            node = int(self.parent[node])
        return found

    def stack(self, node: int) -> tuple[str, ...]:
        """The stack as text, outermost first."""
        return tuple(f"{self.function(one)} ({self.file(one)}:{self.line[one]})" for one in reversed(self.path(node)))

    @cached_property
    def own(self) -> NDArray[np.bool_]:
        """Which frames are the target's own code; where none is, those of libraries that are not mere start-up."""
        by_file = np.array([_FOREIGN.search(file) is None for file in self._frames.names["file"]] or [False])
        files = self._frames["file"]
        own: NDArray[np.bool_] = (files >= 0) & by_file[files]
        if own.any():
            return own
        starting = np.array([_STARTING.search(file) is not None for file in self._frames.names["file"]] or [True])
        rest: NDArray[np.bool_] = (files >= 0) & ~starting[files]
        return rest

    @cached_property
    def site(self) -> Nodes:
        """For each frame the innermost own frame at or above it; -1 where there is none."""
        site = np.full(len(self), NO_SITE, dtype=np.int32)
        own, parent = self.own, self.parent
        for node in range(len(self)):
            site[node] = node if own[node] else (site[parent[node]] if parent[node] >= 0 else NO_SITE)
        return site

    @cached_property
    def place(self) -> Nodes:
        """For each frame a number that it shares with every frame of the same file, function and line."""
        return self._shared("file", "function", "line")

    @cached_property
    def function_place(self) -> Nodes:
        """For each frame a number that it shares with every frame of the same file and function."""
        return self._shared("file", "function")

    def _shared(self, *columns: str) -> Nodes:
        if not len(self):
            return np.empty(0, dtype=np.int32)
        keys = np.stack([self._frames[column] for column in columns], axis=1)
        _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        return first[inverse.reshape(-1)].astype(np.int32)

    def matching(self, pattern: str) -> NDArray[np.bool_]:
        """Which frames are of a file and function that the regular expression finds in ``file:function``.

        The function is tried with its qualified name and with its last word alone.
        """
        expression = re.compile(pattern)
        pairs: dict[tuple[int, int], bool] = {}
        found = np.zeros(len(self), dtype=bool)
        for node, pair in enumerate(zip(self._frames["file"].tolist(), self._frames["function"].tolist(), strict=True)):
            if pair not in pairs:
                pairs[pair] = any(expression.search(name) for name in self._names(node))
            found[node] = pairs[pair]
        return found

    def _names(self, node: int) -> tuple[str, str]:
        file, function = self.file(node), self.function(node)
        return f"{file}:{function}", f"{file}:{function.rpartition('.')[2]}"

    def has_file(self, pattern: str) -> bool:
        """Whether any frame is of a file in whose path the regular expression finds something."""
        return any(re.search(pattern, file) for file in self._frames.names["file"])

    def below_site(self, matches: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """For each frame, whether a match lies between it and its site, the site itself left out."""
        found = np.zeros(len(self), dtype=bool)
        for node in range(len(self)):
            if not self.own[node]:
                up = int(self.parent[node])
                found[node] = matches[node] or (up >= 0 and found[up])
        return found

    def above(self, matches: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """For each frame, whether one of its callers matches, or it itself."""
        found = matches.copy()
        for node in range(len(self)):
            up = int(self.parent[node])
            if up >= 0 and found[up]:
                found[node] = True
        return found
