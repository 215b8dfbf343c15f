"""A process that was there before: followed, never signalled, and left as it was found."""

from __future__ import annotations

import os
import time
from pathlib import Path

from assay.errors import PlanError
from assay.observe.collector import Ended, Started
from assay.observe.tree.proc import link, stat_of


class Existing:
    """The process to attach to; leaving the ``with`` block leaves it running."""

    stop_signal: int | None = None
    """What its terminal does is not ours to follow."""

    def __init__(self, pid: int) -> None:
        self.start_ns = time.perf_counter_ns()
        try:
            self.news = os.pidfd_open(pid)
        except (OSError, OverflowError) as error:
            raise PlanError("there is no such process", where=str(pid), remedy="give a number that ps lists") from error
        if pid == os.getpid() or (stat := stat_of(pid)) is None or stat.is_over:
            os.close(self.news)
            raise PlanError("this process can't be observed", where=str(pid), remedy="give one that runs, not Assay's")
        self.started = Started(pid=pid, launcher_peak_rss_bytes=0)
        self.cwd = Path(link(f"/proc/{pid}/cwd") or "/")

    def __enter__(self) -> Existing:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.news)

    def release(self) -> None:
        """It runs already; observing it begins now."""
        self.start_ns = time.perf_counter_ns()

    def hear(self) -> bool:
        """Its end is all there is to hear."""
        return True

    def stop(self, _number: int) -> bool:
        """It is not ours to end: the watch is over instead."""
        return True

    def wait(self) -> Ended:
        """The end of watching it; the kernel tells more to its parent alone."""
        return Ended(start_ns=self.start_ns, end_ns=time.perf_counter_ns(), wait_status=None, usage=None)

    def end_the_rest(self) -> int:
        """What it leaves behind is not ours either."""
        return 0
