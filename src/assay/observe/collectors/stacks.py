"""Python stacks of every thread, read from outside without stopping anything: closely at first, then less so."""

from __future__ import annotations

from assay.observe.collector import Description, Nature, Sink, Started
from assay.observe.stacks.observer import PERIOD_NS, StacksObserver, reading_obstacle
from assay.observe.stacks.sampler import StackSampler, core_obstacle


class StacksCollector:
    """The interpreters' own structures where their version is known, py-spy where it is not."""

    description = Description(
        name="stacks",
        nature=Nature.EXTERNAL,
        summary="Python stacks of all threads of all processes, 400 times a second, soon 200, after 20 s 100 times.",
        cost="reads the target's memory from another thread: about 0.2 % of a processor; the target is never stopped",
        interval_s=0.05,
        diagnosis=True,
    )

    def obstacle(self) -> str | None:
        """It needs the native core, or py-spy."""
        return reading_obstacle()

    def attach(self, _started: Started, sink: Sink) -> StacksObserver:
        """An observer that waits for Python processes."""
        return StacksObserver("stacks", sink, StackSampler(PERIOD_NS) if core_obstacle() is None else None)


PLUGIN = StacksCollector()
