"""How often the tree enters which kind of system call, counted by the kernel itself."""

from __future__ import annotations

from assay.observe.collector import Description, Ended, Nature, Observation, Sink, Started
from assay.observe.perf.calls import CallCounters, counters_obstacle, entry_point
from assay.record.enums import Severity
from assay.record.rows import QualityFlag


class SyscallsObserver:
    """One counter of each kind for the whole tree."""

    def __init__(self, pid: int, sink: Sink) -> None:
        self._table = sink.table("calls")
        self._fault = ""
        self._counters: CallCounters | None = None
        try:
            self._counters = CallCounters(pid, entry_point() or 0)
        except OSError as error:
            self._fault = error.strerror or type(error).__name__

    def look(self, _now_ns: int) -> None:
        """Keep what was counted."""
        if self._counters is not None:
            self._table.extend(self._counters.take())

    def finish(self, ended: Ended) -> Observation:
        """Keep the rest, or say why there is nothing."""
        self.look(ended.end_ns)
        if self._counters is not None:
            self._counters.close()
            return Observation()
        message = f"System calls were not counted: {self._fault}."
        return Observation(quality=(QualityFlag(id="syscalls_late", severity=Severity.WARNING, message=message),))


class SyscallsCollector:
    """Five counters on the entry of all calls, each with a filter in the kernel."""

    description = Description(
        name="syscalls",
        nature=Nature.EXTERNAL,
        summary="Counts of system calls of the whole tree by kind, four times a second.",
        cost="a quarter of a microsecond per system call of the target; of very many only a part is counted",
        interval_s=0.25,
        diagnosis=True,
    )

    def obstacle(self) -> str | None:
        """It needs the right to count and readable tracepoints."""
        obstacle = counters_obstacle()
        return None if obstacle is None else f"{obstacle}; or repeat the command, counted by strace, with --passes 2"

    def attach(self, started: Started, sink: Sink) -> SyscallsObserver:
        """Begin to count; it counts from this moment on."""
        return SyscallsObserver(started.pid, sink)


PLUGIN = SyscallsCollector()
