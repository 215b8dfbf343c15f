"""Starting a target through the springboard, so that the kernel does not count Assay's memory as the target's.

The springboard ends at once; the target becomes our child, because we are a "child subreaper" for that moment, and
``wait4`` is ours as if we had started it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from assay.errors import PlanError
from assay.measure.target.command import Command
from assay.observe.collector import Started

SPRINGBOARD = Path(__file__).with_name("springboard.py")
_PR_SET_CHILD_SUBREAPER = 36
_adopting = threading.Lock()


def start(command: Command, outputs: Sequence[int]) -> Started:
    """Start the command in a process group of its own; ``outputs`` are its standard output and error, or none."""
    executable = command.executable()
    with _adoption():
        reply = _through_springboard(command, outputs, _request(command, executable))
    match reply.split():
        case [pid, start_ns, peak_kib]:
            peak_rss_bytes = int(peak_kib) * 1024
            return Started(pid=int(pid), start_ns=int(start_ns), launcher_peak_rss_bytes=peak_rss_bytes)
        case [number]:
            reason = os.strerror(int(number))
        case _:
            reason = "the process that starts it gave no answer"
    raise PlanError(f"could not be started: {reason}", where=command.argv[0], remedy="check that it is a program")


def _request(command: Command, executable: str) -> bytes:
    variables = [f"{name}={value}" for name, value in command.environment().items()]
    words = [executable, str(len(command.argv)), *command.argv, *variables]
    if any("\0" in word for word in words):
        raise PlanError("a word of the command holds a null character", where=command.argv[0], remedy="remove it")
    return b"\0".join(os.fsencode(word) for word in words)


def _through_springboard(command: Command, outputs: Sequence[int], request: bytes) -> bytes:
    asked, ask = os.pipe()
    answer, answered = os.pipe()
    stdout, stderr = outputs or (None, None)
    try:
        springboard = subprocess.Popen(
            [sys.executable, "-I", "-S", str(SPRINGBOARD), str(asked), str(answered)],
            cwd=command.cwd,
            stdin=None if command.pass_through else subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            pass_fds=(asked, answered),
            process_group=0,
        )
    finally:
        os.close(asked)
        os.close(answered)
    with os.fdopen(answer, "rb") as reply, springboard:
        with contextlib.suppress(BrokenPipeError), os.fdopen(ask, "wb") as pipe:
            pipe.write(request)
        return reply.read()


@contextlib.contextmanager
def _adoption() -> Iterator[None]:
    """Orphans become our children while inside; one start at a time, since the switch belongs to the process."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    with _adopting:
        if prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")
        try:
            yield
        finally:
            prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
