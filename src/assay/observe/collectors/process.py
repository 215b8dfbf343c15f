"""The target's process tree, looked at 20 times a second: resident memory, CPU time, threads, processes."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct

from assay.observe.collector import Description, Ended, Nature, Observation, Sink, Started
from assay.record.base import Measured, Missing, Quantity
from assay.record.rows import Metric

_PROC = Path("/proc")
_TICK_S = 1.0 / os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_ENDED = frozenset("ZX")
"""States of a process that is over and only waits to be asked for: it holds no memory any more."""
_HAND_OVER_AFTER_NS = 1_000_000_000
"""Samples are handed over once a second: while that happens, nobody sees the target end."""
_MOST_PROCESSES = 512
"""Processes read in one look, so that a target that forks without end can't hold up the launcher."""


class Look(Struct, frozen=True, kw_only=True):
    """One process at one moment."""

    cpu_s: float
    threads: int
    rss_bytes: int
    peak_rss_bytes: int


class TreeObserver:
    """Follows the tree of one target."""

    def __init__(self, started: Started, sink: Sink) -> None:
        self._pid = started.pid
        self._sink = sink
        self._peak_rss_bytes = 0
        self._samples: list[tuple[int, str, float]] = []
        self._handed_over_ns = 0

    def look(self, now_ns: int) -> None:
        """One sample of each series, summed over the tree."""
        seen = [look for pid in _tree(self._pid) if (look := _look(pid)) is not None]
        if not seen:
            return
        self._peak_rss_bytes = max(self._peak_rss_bytes, *(look.peak_rss_bytes for look in seen), 0)
        totals = {
            "rss_bytes": sum(look.rss_bytes for look in seen),
            "cpu_s": sum(look.cpu_s for look in seen),
            "threads": sum(look.threads for look in seen),
            "processes": len(seen),
        }
        self._samples += [(now_ns, name, float(value)) for name, value in totals.items()]
        self._handed_over_ns = self._handed_over_ns or now_ns
        if now_ns - self._handed_over_ns >= _HAND_OVER_AFTER_NS:
            self._hand_over(now_ns)

    def finish(self, ended: Ended) -> Observation:
        """The highest mark that the kernel kept for any process of the tree, as of the last look."""
        self._hand_over(ended.end_ns)
        return Observation(metrics=(Metric(name="peak_rss_bytes", value=self._peak()),))

    def _hand_over(self, now_ns: int) -> None:
        self._handed_over_ns = now_ns
        if self._samples:
            times_ns, names, values = zip(*self._samples, strict=True)
            self._sink.samples.append(time_ns=times_ns, name=names, device="cpu:0", value=values)
            self._samples.clear()

    def _peak(self) -> Quantity:
        if self._peak_rss_bytes:
            return Measured(value=float(self._peak_rss_bytes), by="process:VmHWM")
        return Missing(reason="the target ended before it could be looked at")


class ProcessCollector:
    """Samples ``/proc``."""

    description = Description(
        name="process",
        nature=Nature.EXTERNAL,
        summary="Memory, CPU time, threads and processes of the tree over time.",
        cost="reads /proc 20 times a second from another process",
        metrics=("peak_rss_bytes",),
        interval_s=0.05,
        rank=20,
    )

    def obstacle(self) -> str | None:
        """It needs Linux's /proc."""
        return None if (_PROC / "self/stat").exists() else "/proc is not mounted; mount it to sample processes"

    def attach(self, started: Started, sink: Sink) -> TreeObserver:
        """An observer of the tree below the target."""
        return TreeObserver(started, sink)


def _tree(root: int) -> list[int]:
    """The process and its living descendants; one whose parent ended has left the tree."""
    found = [root]
    for pid in found:
        if len(found) >= _MOST_PROCESSES:
            break
        found += _children(pid)
    return found


def _children(pid: int) -> list[int]:
    try:
        texts = [(thread / "children").read_text() for thread in (_PROC / str(pid) / "task").iterdir()]
    except OSError:  # it ended between two reads
        return []
    return [int(word) for text in texts for word in text.split()]


def _look(pid: int) -> Look | None:
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
        status = (_PROC / str(pid) / "status").read_text()
    except OSError:  # it ended between two reads
        return None
    # the name in parentheses may hold anything, spaces and parentheses too; fields are counted after the last one
    fields = stat.rpartition(")")[2].split()
    if fields[0] in _ENDED:
        return None
    return Look(
        cpu_s=(int(fields[11]) + int(fields[12])) * _TICK_S,
        threads=int(fields[17]),
        rss_bytes=int(fields[21]) * _PAGE_BYTES,
        peak_rss_bytes=_peak_of(status),
    )


def _peak_of(status: str) -> int:
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


PLUGIN = ProcessCollector()
