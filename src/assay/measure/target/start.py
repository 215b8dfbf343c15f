"""Holding a target at its gate: forked by a keeper, known by its number, and not yet the program it will be.

Between the two, external tools attach, so that they see the program from its first instruction.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from assay.errors import PlanError
from assay.measure.streams.routes import ERROR, OUTPUT, Streams
from assay.measure.target.command import Command
from assay.observe.collector import Started

KEEPER = Path(__file__).with_name("keeper.py")


class Held:
    """A target that waits at its gate, and the lines to its keeper."""

    def __init__(self, command: Command, outputs: Mapping[int, int]) -> None:
        self._program = command.argv[0]
        request = _request(command, command.executable())
        with _Lines() as lines:
            self.keeper = _keeper(command, outputs, lines.theirs)
            lines.ask(request)
            self._gate, self._verdict, self.reply = lines.keep()
        self._unread = b""
        self.started = self._held()

    def release(self) -> int:
        """Open the gate; the moment at which the target became its program. ``PlanError`` where it could not."""
        with contextlib.suppress(BrokenPipeError):  # it was killed while it waited, which its end will tell
            os.write(self._gate, b"!")
        words = _until_end(self._verdict).split()
        if len(words) == 2:
            raise self._refusal(os.strerror(int(words[1])))
        return int(words[0]) if words else 0

    def events(self) -> list[list[str]] | None:
        """What the keeper said since the last call, a list of words for each event; None once nothing will follow."""
        piece = os.read(self.reply, 1 << 12)
        if not piece:
            return None
        *lines, self._unread = (self._unread + piece).split(b"\n")
        return [line.decode().split() for line in lines]

    def close(self) -> None:
        """Let go of the lines; a target that still waits at its gate ends."""
        for descriptor in (self._gate, self._verdict, self.reply):
            os.close(descriptor)

    def _held(self) -> Started:
        match self.events():
            case [["held", pid, peak_kib]]:
                return Started(pid=int(pid), launcher_peak_rss_bytes=int(peak_kib) * 1024)
            case _:
                self.close()
                self.keeper.wait()
                raise self._refusal("the process that starts it gave no answer")

    def _refusal(self, reason: str) -> PlanError:
        return PlanError(f"could not be started: {reason}", where=self._program, remedy="check that it is a program")


class _Lines:
    """The four pipes between Assay and the keeper; leaving the block closes every end that was not kept."""

    def __init__(self) -> None:
        (asked, self._ask), (gate, open_gate), (verdict, say), (reply, answer) = (os.pipe() for _ in range(4))
        self.theirs = [asked, gate, say, answer]
        self._ours = [open_gate, verdict, reply]

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *_: object) -> None:
        for descriptor in (*self.theirs, *self._ours):
            os.close(descriptor)
        self.theirs, self._ours = [], []

    def ask(self, request: bytes) -> None:
        """Close the keeper's ends and write the request."""
        for descriptor in self.theirs:
            os.close(descriptor)
        self.theirs = []
        with contextlib.suppress(BrokenPipeError), os.fdopen(self._ask, "wb") as pipe:
            pipe.write(request)

    def keep(self) -> list[int]:
        """Our ends, which the caller closes."""
        ours, self._ours = self._ours, []
        return ours


def _request(command: Command, executable: str) -> bytes:
    variables = [f"{name}={value}" for name, value in command.environment().items()]
    words = [executable, str(len(command.argv)), *command.argv, *variables]
    if any("\0" in word for word in words):
        raise PlanError("a word of the command holds a null character", where=command.argv[0], remedy="remove it")
    return b"\0".join(os.fsencode(word) for word in words)


def _keeper(command: Command, outputs: Mapping[int, int], lines: Sequence[int]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(KEEPER), *map(str, lines)],
        cwd=command.cwd,
        stdin=subprocess.DEVNULL if command.streams is Streams.RECORDED else None,
        stdout=outputs.get(OUTPUT),
        stderr=outputs.get(ERROR),
        pass_fds=(*lines, *command.held),
        process_group=0,
    )


def _until_end(descriptor: int) -> bytes:
    read = b""
    while piece := os.read(descriptor, 100):
        read += piece
    return read
