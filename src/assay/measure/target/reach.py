"""Signals to a whole tree: the target's group at once, and one by one whoever left the group but not the tree."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator

from assay.observe.tree.proc import children_of, stat_of


def signal_tree(keeper_pid: int, group: int, number: int) -> None:
    """Send a signal to the target's group and to every process below the keeper that is in another one."""
    whole = list(below(keeper_pid))  # before the end of one makes orphans of others
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
    for pid in whole:
        _signal(pid, group, number)


def below(pid: int) -> Iterator[int]:
    """Every living descendant, parents before children."""
    found = children_of(pid)
    seen = set(found)
    for child in found:
        stat = stat_of(child)
        if stat is not None and not stat.is_over:
            yield child
        news = [one for one in children_of(child) if one not in seen]
        seen.update(news)
        found += news


def _signal(pid: int, group: int, number: int) -> None:
    """Signal a process outside the group; its number is held, so that nobody else can get the signal."""
    before = stat_of(pid)
    if before is None or before.group == group:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        pidfd = os.pidfd_open(pid)
        try:
            now = stat_of(pid)
            if now is not None and now.start_ticks == before.start_ticks:
                signal.pidfd_send_signal(pidfd, number)
        finally:
            os.close(pidfd)
