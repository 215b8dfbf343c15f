"""What runs on the processor, whatever the language: symbol, library and callers, 199 times a second of CPU time."""

from __future__ import annotations

from assay.observe.collector import Description, Ended, Nature, Observation, Sink, Started
from assay.observe.perf.record import PerfRecord
from assay.observe.perf.tool import perf_obstacle, perf_program, sees_kernel
from assay.record.enums import Severity
from assay.record.rows import QualityFlag


class PerfObserver:
    """One perf for the whole tree."""

    def __init__(self, record: PerfRecord, sink: Sink) -> None:
        self._record = record
        self._table = sink.table("native")
        self._ready = record.wait_until_ready()

    def look(self, _now_ns: int) -> None:
        """Keep what was sampled."""
        self._table.extend(self._record.take())

    def finish(self, _ended: Ended) -> Observation:
        """Keep the rest, and say what went wrong."""
        complaint = self._record.close()
        self._table.extend(self._record.take())
        flags = []
        if not self._ready:
            message = f"perf did not begin in time, so its samples may be incomplete: {complaint or 'no reason given'}."
            flags.append(QualityFlag(id="perf_late", severity=Severity.WARNING, message=message))
        if not self._record.raw_is_whole:
            message = "perf's raw file ends early, since it is kept to 64 MiB; the table of its samples is whole."
            flags.append(QualityFlag(id="perf_raw_cut", severity=Severity.INFO, message=message))
        return Observation(quality=tuple(flags))


class PerfCollector:
    """perf's processor clock, which every machine has, virtual ones too."""

    description = Description(
        name="perf",
        nature=Nature.EXTERNAL,
        summary="Native functions on the processor and what called them, 199 times a second of CPU time.",
        cost="microseconds of the target per sample; 1 to 3 % of its CPU time to convert; 0.2 s at its start",
        interval_s=0.25,
        diagnosis=True,
    )

    def obstacle(self) -> str | None:
        """It needs perf, and a kernel that lets it count."""
        return perf_obstacle()

    def attach(self, started: Started, sink: Sink) -> PerfObserver:
        """Begin to sample; the target waits until perf counts."""
        raw = sink.artifact("raw/perf/perf.data", collector="perf", media_type="application/octet-stream")
        event = "cpu-clock" if sees_kernel() else "cpu-clock:u"
        return PerfObserver(PerfRecord(perf_program() or "perf", started.pid, raw, event=event), sink)


PLUGIN = PerfCollector()
