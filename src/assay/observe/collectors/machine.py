"""What went on around the target: pressure, steal, forks, memory and throttling, twice a second."""

from __future__ import annotations

import time

from assay.observe.collector import Description, Ended, Nature, Observation, Sink, Started
from assay.observe.sampling.pace import Pace
from assay.observe.sampling.readings import Machine
from assay.observe.tree.proc import PROC


class MachineObserver:
    """Reads the same counters again and again."""

    def __init__(self, started: Started, sink: Sink) -> None:
        self._machine = Machine(started.pid)
        self._rows = sink.table("machine")
        self._pace = Pace(fastest_ns=500_000_000, slowest_ns=10_000_000_000, share=0.002, credit_ns=5_000_000)

    def look(self, now_ns: int) -> None:
        """One row for each reading, as often as the cost allows."""
        if self._pace.due(now_ns):
            with self._pace:
                self._read(now_ns)

    def finish(self, _ended: Ended) -> Observation:
        """A last reading, so that even the shortest run has two."""
        self._read(time.perf_counter_ns())
        return Observation()

    def _read(self, now_ns: int) -> None:
        self._rows.extend((now_ns, name, value) for name, value in self._machine.readings())


class MachineCollector:
    """Counters of the whole machine and of the target's control group."""

    description = Description(
        name="machine",
        nature=Nature.EXTERNAL,
        summary="Pressure, steal, forks, load, free memory and throttling over time.",
        cost="reads a dozen small files twice a second",
        interval_s=0.5,
    )

    def obstacle(self) -> str | None:
        """It needs Linux's /proc."""
        return None if (PROC / "stat").exists() else "/proc is not mounted; mount it to read the machine's counters"

    def attach(self, started: Started, sink: Sink) -> MachineObserver:
        """An observer that begins to read at its first look."""
        return MachineObserver(started, sink)


PLUGIN = MachineCollector()
