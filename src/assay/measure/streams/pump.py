"""A target's output on its way: counted, hashed and kept at both ends, and passed on where that is wanted."""

from __future__ import annotations

import errno
import os
import select
import stat
from collections.abc import Sequence
from typing import Protocol

_PIECE_BYTES = 1 << 16
_CERTAIN_BYTES = select.PIPE_BUF
"""What a pipe or terminal that says it is ready takes without blocking."""
_MOST_WAITING = 1 << 20
"""Output that waits to be passed on; beyond it the target waits, as it would with a slow reader of its own."""


class Log(Protocol):
    """Takes what passes."""

    def write(self, data: bytes, /) -> None:
        """Take the next piece."""


class Beside(Protocol):
    """Something that is shown where output is passed on to, and makes room for it."""

    def give_way(self) -> None:
        """Take away what is shown."""

    def passed(self, data: bytes, /) -> None:
        """Hear what was written instead."""


class Echo:
    """One of our own streams, to which output is passed on without ever waiting for its reader."""

    def __init__(self, descriptor: int, beside: Beside | None = None) -> None:
        self.descriptor = descriptor
        self._beside = beside
        self._waiting = bytearray()
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        self._piece_bytes = _PIECE_BYTES if is_file else _CERTAIN_BYTES

    @property
    def is_full(self) -> bool:
        """Whether more should not be taken."""
        return len(self._waiting) >= _MOST_WAITING

    def write(self, data: bytes) -> bool:
        """Take a piece, and pass on what can be; False once nobody reads any more."""
        self._waiting += data
        return self.pass_on(0.0)

    def pass_on(self, patience_s: float) -> bool:
        """Write what waits for as long as the reader is ready; False once nobody reads any more."""
        try:
            while self._waiting and _takes_more(self.descriptor, patience_s):
                del self._waiting[: self._write(bytes(self._waiting[: self._piece_bytes]))]
        except OSError:  # the reader is gone: a closed pipe, a terminal that was hung up
            self._waiting.clear()
            return False
        return True

    def _write(self, piece: bytes) -> int:
        if self._beside is None:
            return os.write(self.descriptor, piece)
        self._beside.give_way()
        written = os.write(self.descriptor, piece)
        self._beside.passed(piece[:written])
        return written

    @property
    def is_empty(self) -> bool:
        """Whether everything was passed on."""
        return not self._waiting


class Pump:
    """The target's streams, each with its log, and perhaps an echo."""

    def __init__(self, pipes: Sequence[int], logs: Sequence[Log], echoes: Sequence[Echo | None] = ()) -> None:
        self._logs = dict(zip(pipes, logs, strict=True))
        self._echoes = {pipe: echo for pipe, echo in zip(pipes, echoes, strict=False) if echo is not None}

    @property
    def is_open(self) -> bool:
        """Whether more may come."""
        return bool(self._logs)

    def readable(self) -> list[int]:
        """Streams that may be read now; one whose echo is full waits for its reader."""
        return [pipe for pipe in self._logs if pipe not in self._echoes or not self._echoes[pipe].is_full]

    def waits_for_readers(self) -> list[int]:
        """Our own streams that have something to pass on."""
        return [echo.descriptor for echo in self._echoes.values() if not echo.is_empty]

    def move(self, pipe: int) -> None:
        """Take what is there; a stream that ended, or that nobody reads any more, is let go."""
        piece = _read(pipe)
        if not piece:
            del self._logs[pipe]
            return
        self._logs[pipe].write(piece)
        if pipe in self._echoes and not self._echoes[pipe].write(piece):
            self._drop(pipe)

    def pass_on(self, patience_s: float = 0.0) -> None:
        """Give our own streams what waits for them."""
        for pipe, echo in list(self._echoes.items()):
            if not echo.pass_on(patience_s):
                self._drop(pipe)

    def _drop(self, pipe: int) -> None:
        """Close our end, so that the target meets the closed pipe that it would have met without us."""
        del self._echoes[pipe]
        if self._logs.pop(pipe, None) is not None:
            # the number stays taken until its owner closes it
            nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
            os.dup2(nothing, pipe, inheritable=False)
            os.close(nothing)


def _read(pipe: int) -> bytes:
    """What is there; nothing at the end, which a terminal reports as an error."""
    try:
        return os.read(pipe, _PIECE_BYTES)
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        return b""


def _takes_more(descriptor: int, patience_s: float) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    return bool(poll.poll(patience_s * 1e3))
