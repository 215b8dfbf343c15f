"""Samples out of the text that ``perf script`` prints: one block per sample, innermost frame first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

FIELDS = "pid,tid,time,ip,sym,dso"
"""What ``perf script`` is asked to print; the name of a thread is left out, since it may hold anything."""
MOST_CALLERS = 8
"""Callers kept of one sample."""
_HEAD = re.compile(r"^\s*(-?\d+)/(\d+)\s+(\d+)\.(\d{9}):")
_FRAME = re.compile(r"^\s+([0-9a-f]+) (.*?) \(([/\[].*)\)$")
_MOST_OF_KERNEL = 3
"""Of the kernel's own callers: the rest would leave no room for who went into it."""
_INTERPRETER = "_PyEval_EvalFrameDefault"
"""CPython's loop: what lies above it is told by the Python stack, and would only multiply the stacks seen here."""
_NOT_KERNEL = frozenset({"[unknown]", "[vdso]", "[vsyscall]", "[heap]", "[stack]"})


class NativeSample(NamedTuple):
    """One sample, as a row of the ``native`` table."""

    time_ns: int
    pid: int
    tid: int
    symbol: str
    library: str
    callers: str | None


def no_name(_address: int) -> str | None:
    """Names no address."""
    return None


def read_script(lines: Iterable[str], kernel: Callable[[int], str | None] = no_name) -> Iterator[NativeSample]:
    """The samples of a script's output; a block that is not understood is left out, and so is one that was cut.

    ``kernel`` names addresses of the kernel that perf was told to leave alone.
    """
    head: re.Match[str] | None = None
    frames: list[tuple[str, str]] = []
    for line in lines:
        if found := _FRAME.match(line):
            frames.append(_frame(found, kernel))
        elif found := _HEAD.match(line):
            head, frames = found, []
        elif not line.strip() and head is not None:
            if frames:
                yield _sample(head, frames)
            head = None


def _frame(found: re.Match[str], kernel: Callable[[int], str | None]) -> tuple[str, str]:
    address, symbol, library = found.groups()
    if library.startswith("[") and library not in _NOT_KERNEL:
        library = "[kernel]"
        if symbol == "[unknown]":
            symbol = kernel(int(address, 16)) or symbol
    return (f"[0x{address}]" if symbol == "[unknown]" else symbol), library


def _sample(head: re.Match[str], frames: list[tuple[str, str]]) -> NativeSample:
    pid, tid, seconds, nanoseconds = (int(text) for text in head.groups())
    symbol, library = frames[0]
    callers = _callers(symbol, frames[1:])
    return NativeSample(seconds * 1_000_000_000 + nanoseconds, pid, tid, symbol, library, callers)


def _callers(leaf: str, frames: list[tuple[str, str]]) -> str | None:
    """Callers up to the interpreter's loop, or to the first that has no name: beyond it nothing is certain."""
    kept: list[str] = []
    if leaf != _INTERPRETER:
        for symbol, _ in _without_depths_of_kernel(frames)[:MOST_CALLERS]:
            if symbol.startswith("["):
                break
            kept.append(symbol.replace(";", ":"))
            if symbol == _INTERPRETER:
                break
    return ";".join(kept) or None


def _without_depths_of_kernel(frames: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The nearest of the kernel's functions and its way in, then those of the program."""
    depth = next((number for number, (_, library) in enumerate(frames) if library != "[kernel]"), len(frames))
    return [*frames[: min(depth, _MOST_OF_KERNEL)], *frames[max(depth - 1, min(depth, _MOST_OF_KERNEL)) :]]
