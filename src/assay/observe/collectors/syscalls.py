"""How often the tree enters which system call, counted by the kernel itself."""

from __future__ import annotations

from assay.observe.collector import Description, Ended, Nature, Observation, Sink, Started
from assay.observe.perf.stat import COUNTED, PerfStat
from assay.observe.perf.tool import perf_program, tracepoints, tracepoints_obstacle
from assay.record.enums import Severity
from assay.record.rows import QualityFlag


class SyscallsObserver:
    """One perf for the whole tree."""

    def __init__(self, stat: PerfStat, sink: Sink) -> None:
        self._stat = stat
        self._table = sink.table("calls")
        self._ready = stat.wait_until_ready()

    def look(self, _now_ns: int) -> None:
        """Keep what was counted."""
        self._table.extend(self._stat.take())

    def finish(self, _ended: Ended) -> Observation:
        """Keep the rest, and say what went wrong."""
        complaint = self._stat.close()
        self._table.extend(self._stat.take())
        if self._ready:
            return Observation()
        message = f"System calls were not counted from the start: {complaint or 'perf was late'}."
        return Observation(quality=(QualityFlag(id="syscalls_late", severity=Severity.WARNING, message=message),))


class SyscallsCollector:
    """Tracepoints at the entries of system calls."""

    description = Description(
        name="syscalls",
        nature=Nature.EXTERNAL,
        summary="Counts of system calls of the whole tree, ten times a second.",
        cost="about 0.3 microseconds per system call of the target, and 0.2 s at its start",
        interval_s=0.25,
        diagnosis=True,
    )

    def obstacle(self) -> str | None:
        """It needs perf and readable tracepoints."""
        obstacle = tracepoints_obstacle()
        return None if obstacle is None else f"{obstacle}; or repeat the command, counted by strace, with --passes 2"

    def attach(self, started: Started, sink: Sink) -> SyscallsObserver:
        """Begin to count; the target waits until perf does."""
        there = tracepoints() or frozenset()
        names = [name for name in COUNTED if name in there]
        return SyscallsObserver(PerfStat(perf_program() or "perf", started.pid, names), sink)


PLUGIN = SyscallsCollector()
