"""One launch of an experiment's command, watched to its end."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import structs

from assay.measure.experiment.phases import VARIABLE, Mark, marks_in
from assay.measure.outcome import verdict
from assay.measure.streams.output import CappedLog, OutputSummary
from assay.measure.streams.pump import Pump
from assay.measure.target.command import Command
from assay.measure.target.ladder import Cause, Limits
from assay.measure.target.launch import Child
from assay.measure.target.stop import StopRequests
from assay.measure.target.watch import Watch, Watched
from assay.observe.energy.session import Meters
from assay.record.enums import Status


class Launched(NamedTuple):
    """One launch."""

    start_ns: int
    """When the command became its program."""
    end_ns: int
    """When the kernel reported its end."""
    watched: Watched
    """How it went."""
    outputs: Sequence[OutputSummary]
    """What it wrote."""
    status: Status
    """How it ended."""
    reason: str
    """Why it is not complete; empty where it is."""
    marks: tuple[Mark, ...] = ()
    """Phases that it told of."""

    @property
    def wall_s(self) -> float:
        """Its wall time."""
        return (self.end_ns - self.start_ns) / 1e9

    @property
    def cpu_s(self) -> float | None:
        """Its processor time; None where it is not known."""
        usage = self.watched.ended.usage
        return None if usage is None else usage.ru_utime + usage.ru_stime

    @property
    def was_stopped(self) -> bool:
        """Whether somebody asked for the end of everything."""
        return self.watched.cause is Cause.INTERRUPTED


def launch_once(command: Command, logs: Sequence[Path], limits: Limits, stop: StopRequests, meters: Meters) -> Launched:
    """Launch the command with both edges of its window sharp."""
    kept = [CappedLog(log) for log in logs]
    with tempfile.TemporaryDirectory(prefix="assay-phases-") as folder:
        file = Path(folder) / "phases"
        told = structs.replace(command, variables={VARIABLE: str(file), **command.variables})
        try:
            with Child(told) as child:
                pump = Pump(child.pipes(), kept, [None, None])
                meters.before()
                child.release()
                watched = Watch(child, pump, [], stop).until_the_end(limits)
                meters.after()
        finally:
            outputs = [log.close() for log in kept]
        marks = marks_in(file)
    status, reason = verdict(watched, limits, at_terminal=False)
    return Launched(watched.ended.start_ns, watched.ended.end_ns, watched, outputs, status, reason, marks)
