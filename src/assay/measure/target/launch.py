"""One child process in a group of its own: started, signalled and waited for by us alone."""

from __future__ import annotations

import contextlib
import os
import signal
import time

from assay.errors import PlanError
from assay.measure.target.command import Command
from assay.measure.target.start import start
from assay.observe.collector import Ended


class Child:
    """The launched target; leaving the ``with`` block leaves nothing of its group running."""

    def __init__(self, command: Command) -> None:
        self._pipes, ends = _output_pipes(command)
        try:
            self.started = start(command, ends)
        except PlanError:
            self._close_pipes()
            raise
        finally:
            for end in ends:
                os.close(end)
        self.pidfd = os.pidfd_open(self.started.pid)
        self._ended: Ended | None = None

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        if self._ended is None:
            self.signal_group(signal.SIGKILL)
            self.wait()
        self._close_pipes()
        os.close(self.pidfd)

    def pipes(self) -> list[int]:
        """Descriptors of the target's standard output and error, where they are captured."""
        return list(self._pipes)

    def wait(self) -> Ended:
        """The target's end; blocks until it has come."""
        if self._ended is None:
            _, wait_status, usage = os.wait4(self.started.pid, 0)
            end_ns = time.perf_counter_ns()
            self._ended = Ended(end_ns=end_ns, wait_status=wait_status, usage=usage)
        return self._ended

    def signal_group(self, number: int) -> None:
        """Send a signal to the target and to whatever it started in its group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.started.pid, number)

    def group_is_alive(self) -> bool:
        """Whether a process of the target's group outlived it."""
        try:
            os.killpg(self.started.pid, 0)
        except (ProcessLookupError, PermissionError):
            return False
        return True

    def _close_pipes(self) -> None:
        for pipe in self._pipes:
            os.close(pipe)


def _output_pipes(command: Command) -> tuple[list[int], list[int]]:
    """Our ends and the target's ends of two pipes; none where its output is not ours to read."""
    pairs = [] if command.pass_through else [os.pipe(), os.pipe()]
    return [ours for ours, _ in pairs], [theirs for _, theirs in pairs]
