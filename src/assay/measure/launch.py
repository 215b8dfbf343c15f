"""One child process in a group of its own: started, signalled and waited for by us alone."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import time
from typing import IO

from assay.errors import PlanError
from assay.measure.command import Command
from assay.observe.collector import Ended, Started


class Child:
    """The launched target; leaving the ``with`` block leaves nothing of its group running."""

    def __init__(self, command: Command) -> None:
        executable = command.executable()
        capture = None if command.pass_through else subprocess.PIPE
        peak_rss_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        start_ns = time.perf_counter_ns()
        try:
            self._process = subprocess.Popen(
                command.argv,
                executable=executable,
                cwd=command.cwd,
                env=command.environment(),
                stdin=None if command.pass_through else subprocess.DEVNULL,
                stdout=capture,
                stderr=capture,
                process_group=0,
            )
        except OSError as error:
            remedy = "check that it is a program for this machine"
            raise PlanError(f"could not be started: {error.strerror}", where=command.argv[0], remedy=remedy) from error
        self.pidfd = os.pidfd_open(self._process.pid)
        self.started = Started(pid=self._process.pid, start_ns=start_ns, launcher_peak_rss_bytes=peak_rss_bytes)
        self._ended: Ended | None = None

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        if self._ended is None:
            self.signal_group(signal.SIGKILL)
            self.wait()
        for pipe in self.pipes():
            pipe.close()
        os.close(self.pidfd)

    def pipes(self) -> list[IO[bytes]]:
        """Standard output and error of the target, where they are captured."""
        return [pipe for pipe in (self._process.stdout, self._process.stderr) if pipe is not None]

    def wait(self) -> Ended:
        """The target's end; blocks until it has come."""
        if self._ended is None:
            _, wait_status, usage = os.wait4(self._process.pid, 0)
            end_ns = time.perf_counter_ns()
            self._process.returncode = os.waitstatus_to_exitcode(wait_status)
            self._ended = Ended(end_ns=end_ns, wait_status=wait_status, usage=usage)
        return self._ended

    def signal_group(self, number: int) -> None:
        """Send a signal to the target and to whatever it started in its group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def group_is_alive(self) -> bool:
        """Whether a process of the target's group outlived it."""
        try:
            os.killpg(self._process.pid, 0)
        except (ProcessLookupError, PermissionError):
            return False
        return True
