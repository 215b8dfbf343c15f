"""The target's process tree: every thread up to 50 times a second, every process ten times, and sums over the tree."""

from __future__ import annotations

from assay.observe.collector import Description, Ended, Nature, Observation, Sink, Started
from assay.observe.sampling.pace import Pace
from assay.observe.sampling.processes import Look, Processes
from assay.observe.sampling.threads import Row, Threads
from assay.observe.tree.proc import PROC
from assay.record.base import Measured, Missing, Quantity
from assay.record.diagnosis.life import Life
from assay.record.enums import Severity
from assay.record.rows import Metric, QualityFlag

_OFTEN_NS, _RARELY_NS = 20_000_000, 60_000_000
_CALM_LOOKS = 5
"""After so many looks at which every thread did what it had done before, the next ones come rarely."""
_HAND_OVER_AFTER_NS = 1_000_000_000
"""Samples are handed over once a second: while that happens, nobody sees the target end."""


class TreeObserver:
    """Follows the tree of one target, as far as it is told of it."""

    def __init__(self, started: Started, sink: Sink) -> None:
        self._sink = sink
        self._pids = {started.pid}
        self._threads, self._processes = Threads(), Processes()
        self._thread_rows, self._process_rows = sink.table("threads"), sink.table("processes")
        self._thread_pace = Pace(fastest_ns=_OFTEN_NS, slowest_ns=1_000_000_000, share=0.006, credit_ns=8_000_000)
        self._process_pace = Pace(fastest_ns=100_000_000, slowest_ns=2_000_000_000, share=0.004, credit_ns=5_000_000)
        self._doing: list[tuple[object, object, object]] = []
        self._calm_looks = 0
        self._peak_rss_bytes = 0
        self._samples: list[tuple[int, str, float]] = []
        self._handed_over_ns: int | None = None

    def seen(self, life: Life) -> None:
        """Follow the process, or no longer."""
        if life.event == "gone":
            self._pids.discard(life.pid)
        else:
            self._pids.add(life.pid)

    def look(self, now_ns: int) -> int:
        """Rows of threads and of processes, as often as the cost allows and something changes."""
        if self._thread_pace.due(now_ns):
            with self._thread_pace:
                self._keep(self._threads.look(self._pids))
        if self._process_pace.due(now_ns):
            with self._process_pace:
                self._sum_up(now_ns, self._processes.look(self._pids))
        return max(_OFTEN_NS, min(self._thread_pace.left_ns(now_ns), self._process_pace.left_ns(now_ns)))

    def finish(self, ended: Ended) -> Observation:
        """The highest mark that the kernel kept for any process of the tree, as of the last look."""
        self._hand_over(ended.end_ns)
        self._threads.close()
        self._processes.close()
        metric = Metric(name="peak_rss_bytes", value=self._peak())
        return Observation(metrics=(metric,), quality=(*self._hidden(), *self._cut_off()))

    def _keep(self, rows: list[Row]) -> None:
        """Keep the rows; where all threads go on as they did, the kernel's counters say the same at fewer looks."""
        self._thread_rows.extend(rows)
        doing = [(row[2], row[3], row[6]) for row in rows]
        self._calm_looks = self._calm_looks + 1 if doing == self._doing else 0
        self._doing = doing
        self._thread_pace.fastest_ns = _RARELY_NS if self._calm_looks >= _CALM_LOOKS else _OFTEN_NS

    def _sum_up(self, now_ns: int, seen: list[Look]) -> None:
        """Rows of the processes, and one sample of each series, summed over the tree."""
        if not seen:
            return
        self._process_rows.extend(look.row for look in seen)
        self._peak_rss_bytes = max(self._peak_rss_bytes, *(look.peak_rss_bytes for look in seen), 0)
        totals = {
            "rss_bytes": sum(look.rss_bytes for look in seen),
            "cpu_s": sum(look.cpu_s for look in seen),
            "threads": sum(look.threads for look in seen),
            "processes": len(seen),
        }
        self._samples += [(now_ns, name, float(value)) for name, value in totals.items()]
        if self._handed_over_ns is None:
            self._handed_over_ns = now_ns
        if now_ns - self._handed_over_ns >= _HAND_OVER_AFTER_NS:
            self._hand_over(now_ns)

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

    def _hidden(self) -> tuple[QualityFlag, ...]:
        if not self._threads.calls_hidden:
            return ()
        message = (
            "What some threads waited for is not known: reading their system calls takes the right to trace them; "
            "run Assay as the user who owns the target, or see kernel.yama.ptrace_scope."
        )
        return (QualityFlag(id="waits_hidden", severity=Severity.INFO, message=message),)

    def _cut_off(self) -> tuple[QualityFlag, ...]:
        if not self._threads.cut_off:
            return ()
        message = "The target had more threads than are looked at; those that came last are missing."
        return (QualityFlag(id="threads_cut_off", severity=Severity.WARNING, message=message),)


class ProcessCollector:
    """Samples ``/proc``."""

    description = Description(
        name="process",
        nature=Nature.EXTERNAL,
        summary="What every thread does or waits for, and memory, CPU time and traffic of every process, over time.",
        cost="reads /proc from another process, for about 1 % of one processor",
        metrics=("peak_rss_bytes",),
        interval_s=0.02,
        rank=20,
    )

    def obstacle(self) -> str | None:
        """It needs Linux's /proc."""
        return None if (PROC / "self/stat").exists() else "/proc is not mounted; mount it to sample processes"

    def attach(self, started: Started, sink: Sink) -> TreeObserver:
        """An observer of the tree below the target."""
        return TreeObserver(started, sink)


PLUGIN = ProcessCollector()
