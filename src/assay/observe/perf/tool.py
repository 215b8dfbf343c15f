"""Starting perf so that it says when it counts, ending it so that it is certain to end, and why it might not start."""

from __future__ import annotations

import errno
import os
import select
import shutil
import subprocess
from pathlib import Path
from typing import IO, NamedTuple

from assay.observe.doctor.perf_events import open_counter

_PARANOID = Path("/proc/sys/kernel/perf_event_paranoid")
_READY_PATIENCE_S = 2.0
_MOST_ANSWER_BYTES = 64
_MOST_COMPLAINT_BYTES = 4096


class Control(NamedTuple):
    """Our ends of two pipes to a perf that waits for orders; it gives up when the first is closed."""

    orders: int
    answers: int

    def is_ready(self) -> bool:
        """Whether perf said in time that it counts; from then on nothing of the target is missed."""
        ready, _, _ = select.select([self.answers], [], [], _READY_PATIENCE_S)
        return bool(ready) and bool(os.read(self.answers, _MOST_ANSWER_BYTES))

    def close(self) -> None:
        """Close both."""
        os.close(self.orders)
        os.close(self.answers)


def perf_program() -> str | None:
    """Where perf lies."""
    return shutil.which("perf")


def perf_obstacle() -> str | None:
    """Why perf can't sample here, and the command that would change that; None where it can."""
    if perf_program() is None:
        return "perf is not installed; run: sudo apt-get install linux-perf (Ubuntu: linux-tools-generic)"
    return counting_obstacle()


def counting_obstacle() -> str | None:
    """Why the kernel does not count for this user; None where it does."""
    error = open_counter("task-clock", "own")
    if not error:
        return None
    level = _PARANOID.read_text().strip() if _PARANOID.exists() else "unknown"
    if error in {errno.EACCES, errno.EPERM}:
        remedy = "run: sudo sysctl kernel.perf_event_paranoid=1; in a container, also allow perf_event_open"
        return f"the kernel does not let this user count (perf_event_paranoid is {level}); {remedy}"
    return f"the kernel has no performance events: {os.strerror(error)}"


def sees_kernel() -> bool:
    """Whether samples may show what the kernel does for the target."""
    return not open_counter("task-clock", "whole")


def start_counting(words: list[str]) -> tuple[subprocess.Popen[bytes], Control]:
    """Start perf and order it to count as soon as it can."""
    control, orders = os.pipe()
    answers, answer = os.pipe()
    command = [*words, "--delay", "-1", "--control", f"fd:{control},{answer}"]
    process = start_tool(command, pass_fds=(control, answer))
    os.write(orders, b"enable\n")
    os.close(control)
    os.close(answer)
    return process, Control(orders, answers)


def start_tool(
    words: list[str],
    *,
    stdin: int = subprocess.DEVNULL,
    stderr: int | IO[bytes] = subprocess.PIPE,
    pass_fds: tuple[int, ...] = (),
) -> subprocess.Popen[bytes]:
    """In a session of its own: a Ctrl-C at the terminal is the launcher's business."""
    # no settings of the user's, no names fetched from the network, English messages
    variables = {**os.environ, "LC_ALL": "C", "PERF_CONFIG": os.devnull, "DEBUGINFOD_URLS": ""}
    return subprocess.Popen(
        words,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        pass_fds=pass_fds,
        env=variables,
        start_new_session=True,
    )


def end_tool(process: subprocess.Popen[bytes]) -> str:
    """Wait for a process that has had its time; the first words of what it wrote on standard error."""
    if process.poll() is None:
        process.kill()
    process.wait()
    if process.stderr is None:
        return ""
    with process.stderr as errors:
        return " ".join(errors.read(_MOST_COMPLAINT_BYTES).decode(errors="replace").split())[:200]
