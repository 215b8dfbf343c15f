"""The terminal lent to a target that keeps the caller's input and output.

A process group of its own stands in the background, where reading the terminal stops it; so while the target runs,
its group is the terminal's foreground, and Ctrl-C and Ctrl-Z reach it as if it ran alone. A shell, though, knows
nothing of that group: when the target is stopped, Assay stops as well, and once it is continued, so is the target.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator

JOB_STOPS = frozenset({signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU})
"""Signals by which a terminal stops a job; who sends SIGSTOP means that one process and nobody else."""
_BETWEEN_REFUSALS_S = 0.1


class Loan:
    """The terminal while a target may have it."""

    def __init__(self, terminal: int, group: int) -> None:
        self._terminal = terminal
        self._group = group
        self._ours = os.getpgrp()
        self.lend()

    def lend(self) -> None:
        """Make the target's group the foreground, if ours is; it goes on where it was stopped."""
        if os.tcgetpgrp(self._terminal) == self._ours:
            _give(self._terminal, self._group)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._group, signal.SIGCONT)

    def take_back(self) -> None:
        """Make our own group the foreground, if the target's is."""
        if os.tcgetpgrp(self._terminal) == self._group:
            _give(self._terminal, self._ours)

    def suspend(self) -> None:
        """Stop with the target, as a job that the terminal stopped; come back when the shell continues it.

        Where no shell could continue it, the system stops nobody, and the target goes on.
        """
        self.take_back()
        before = time.monotonic()
        os.killpg(self._ours, signal.SIGTSTP)
        if os.tcgetpgrp(self._terminal) != self._ours and time.monotonic() - before < _BETWEEN_REFUSALS_S:
            time.sleep(_BETWEEN_REFUSALS_S)  # in the background of no shell it would ask again at once
        self.lend()


@contextlib.contextmanager
def lent_to(group: int) -> Iterator[Loan | None]:
    """Make the group the foreground while inside; nothing is lent without a terminal, or in the background."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
    except OSError:  # no terminal controls this process
        yield None
        return
    try:
        loan = Loan(terminal, group)
        try:
            yield loan
        finally:
            loan.take_back()
    finally:
        os.close(terminal)


def _give(terminal: int, group: int) -> bool:
    """Whether the group is the foreground now; who is not may only ask for it with SIGTTOU blocked."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    try:
        os.tcsetpgrp(terminal, group)
    except OSError:  # the group is gone already
        return False
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return True
