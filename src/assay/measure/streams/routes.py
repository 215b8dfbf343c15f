"""Ways for a target's standard output and error: the caller's own streams, pipes of ours, or terminals of ours.

A terminal of ours stands in for the caller's, so that a program that asks whether it writes to one hears the same. It
changes nothing of what passes through, and has the size of the one behind it.
"""

from __future__ import annotations

import os
import pty
import signal
import termios
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from typing import NamedTuple

OUTPUT, ERROR = 1, 2


class Streams(StrEnum):
    """What becomes of the target's standard input, output and error."""

    UNTOUCHED = "untouched"
    """They are the caller's own, and what goes through them is not known."""
    SHARED = "shared"
    """What goes to the caller's terminal passes through us, so that something else can be shown there too; the rest is
    the caller's own."""
    CAPTURED = "captured"
    """The input is the caller's own; output goes through us to the caller, and is kept on its way."""
    RECORDED = "recorded"
    """There is no input, and output is only kept."""


class Size(NamedTuple):
    """Size of a terminal."""

    rows: int
    columns: int


Sizes = tuple[Size | None, Size | None]
"""For output and error, the size of the terminal that stands in for the caller's; null where a pipe serves."""


class Route(NamedTuple):
    """One way through us."""

    streams: tuple[int, ...]
    """Which of the target's streams take it."""
    ours: int
    theirs: int
    size: Size | None


def open_routes(streams: Streams, terminals: Sizes) -> list[Route]:
    """The ways that such streams need; both ends are the caller's to close."""
    both = ((OUTPUT,), terminals[0]), ((ERROR,), terminals[1])
    match streams:
        case Streams.UNTOUCHED:
            return []
        case Streams.SHARED if None not in terminals:
            return [_route((OUTPUT, ERROR), terminals[0])]  # one terminal keeps the order of the two
        case Streams.SHARED:
            return [_route(which, size) for which, size in both if size is not None]
        case _:
            return [_route(which, size) for which, size in both]


def size_of(descriptor: int | None) -> Size | None:
    """Size of the terminal behind a descriptor; None where there is none."""
    if descriptor is None or not os.isatty(descriptor):
        return None
    with suppress(OSError):
        return Size(*termios.tcgetwinsize(descriptor))
    return Size(24, 80)


class Resizing:
    """Hands the caller's terminal's size on to ours; the kernel tells the target of the caller's alone."""

    def __init__(self, routes: Sequence[Route], terminals: Sequence[int | None], group: int) -> None:
        pairs = [(route, terminals[route.streams[0] - 1]) for route in routes if route.size is not None]
        self._pairs = [(route.ours, theirs, route.size) for route, theirs in pairs if theirs is not None]
        self._group = group

    @property
    def is_needed(self) -> bool:
        """Whether there is a terminal of ours at all."""
        return bool(self._pairs)

    def look(self, _now_ns: int) -> None:
        """Where the size has changed, change ours and say so to the target."""
        now = [(ours, theirs, size_of(theirs) or before) for ours, theirs, before in self._pairs]
        changed = [(ours, size) for (ours, _, size), old in zip(now, self._pairs, strict=True) if size != old[2]]
        self._pairs = now
        for ours, size in changed:
            with suppress(OSError):
                termios.tcsetwinsize(ours, size or (0, 0))
        if changed:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._group, signal.SIGWINCH)


def _route(streams: tuple[int, ...], size: Size | None) -> Route:
    if size is None:
        return Route(streams, *os.pipe(), None)
    ours, theirs = pty.openpty()
    _let_through(theirs)
    termios.tcsetwinsize(theirs, size)
    return Route(streams, ours, theirs, size)


def _let_through(terminal: int) -> None:
    """Change no byte on its way, and send none back: the caller's terminal does what terminals do."""
    attributes = termios.tcgetattr(terminal)
    attributes[1] &= ~termios.OPOST
    attributes[3] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSANOW, attributes)
