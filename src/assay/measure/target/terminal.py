"""The terminal lent to a target that keeps the caller's input and output.

A process group of its own stands in the background, where reading the terminal stops it; so while the target runs,
its group is the terminal's foreground, and Ctrl-C reaches it as if it ran alone.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator


@contextlib.contextmanager
def lent_to(group: int) -> Iterator[None]:
    """Make the group the foreground while inside; nothing happens without a terminal, or in the background."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
    except OSError:  # no terminal controls this process
        yield
        return
    try:
        ours = os.getpgrp()
        lent = os.tcgetpgrp(terminal) == ours and _give(terminal, group)
        if lent:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGCONT)  # it may have asked for input before it was allowed to
        try:
            yield
        finally:
            if lent:
                _give(terminal, ours)
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
