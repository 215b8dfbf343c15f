"""Stacks of any number of Python processes, read by the native core and brought into tables."""

from __future__ import annotations

from array import array
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from assay.observe.stacks.interpreter import Interpreter, Unknown, find_interpreter
from assay.observe.stacks.lines import LineTable, read_lines
from assay.observe.stacks.tables import Row
from assay.observe.stacks.tree import OUTSIDE, Frame, FrameTree

_RUNNING = {1: True, 0: False}


class Counts(NamedTuple):
    """What the sampler did since it was made."""

    rows: int = 0
    """Stacks that were read."""
    torn: int = 0
    """Stacks that changed while they were read, three times in a row, and are missing."""
    cut: int = 0
    """Stacks of more than 4096 frames, of which the outermost are missing."""
    dropped: int = 0
    """Stacks that were read and lost, since nobody fetched them in time."""
    unreadable: int = 0
    """Processes that ended, or no longer let themselves be read."""
    cost_ns: int = 0
    """Processor time of the sampling thread."""


class _Function(NamedTuple):
    name: str
    file: str
    lines: LineTable


def core_obstacle() -> str | None:
    """Why this machine's build of Assay has no native reader; None where it has."""
    try:
        core = import_module("assay.vgpu._native")
    except ImportError:
        return "the native core is not installed; install a C++ compiler and reinstall Assay"
    return None if hasattr(core, "stacks_open") else "the native core is older than this Assay; reinstall it"


class StackSampler:
    """Reads stacks at a fixed rate, in a thread of its own that needs no lock of this interpreter."""

    def __init__(self, period_ns: int) -> None:
        self._core: Any = import_module("assay.vgpu._native")
        self._handle: int = self._core.stacks_open(period_ns)
        self._functions: list[_Function] = []
        self._nodes = array("i")
        self._watched: set[int] = set()
        self._heard: set[int] = set()
        self.counts = Counts()

    def watch(self, pid: int) -> Interpreter | Unknown:
        """Begin with a process; may be called again after it has started another program."""
        found = find_interpreter(pid)
        if isinstance(found, Interpreter):
            self._core.stacks_watch(self._handle, pid, found.runtime, found.layout.packed())
            self._watched.add(pid)
        return found

    def forget(self, pid: int) -> None:
        """End with a process."""
        self._watched.discard(pid)
        self._core.stacks_forget(self._handle, pid)

    def take(self, tree: FrameTree) -> list[Row]:
        """What was seen since the last call; always with the same tree."""
        rows, nodes, functions, counts = self._core.stacks_drain(self._handle)
        self.counts = Counts(*counts)
        self._functions += [_function(*function) for function in functions]
        self._take_nodes(nodes, tree)
        time_ns = np.frombuffer(rows[0], np.int64)
        pid, tid, node = (np.frombuffer(column, np.int32) for column in rows[1:4])
        states = [_RUNNING.get(state) for state in array("b", rows[4])]
        self._heard = set(pid.tolist())
        # the last place of the array stands for -1, a thread outside Python
        known = np.append(np.frombuffer(self._nodes, np.int32), np.int32(OUTSIDE))
        return list(zip(time_ns.tolist(), pid.tolist(), tid.tolist(), known[node].tolist(), states, strict=True))

    def silent(self) -> set[int]:
        """Processes of which the last call of ``take`` brought nothing."""
        return self._watched - self._heard

    def close(self) -> None:
        """End sampling."""
        self._core.stacks_close(self._handle)

    def _take_nodes(self, columns: tuple[bytes, bytes, bytes], tree: FrameTree) -> None:
        for parent, code, instruction in zip(*(array("i", column) for column in columns), strict=True):
            function = self._functions[code]
            frame = Frame(function.name, function.file, function.lines.line(instruction))
            self._nodes.append(tree.node(self._nodes[parent] if parent >= 0 else OUTSIDE, frame))


def _function(first_line: int, name: bytes, file: bytes, lines: bytes, minor: int) -> _Function:
    table = read_lines(lines, first_line, (3, minor))
    return _Function(name.decode(errors="replace"), file.decode(errors="replace"), table)
