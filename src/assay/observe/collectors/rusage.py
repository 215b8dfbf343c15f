"""What the kernel counted for the target until it was waited for: CPU time, memory, faults, switches, storage."""

from __future__ import annotations

import resource

import msgspec

from assay.observe.collector import Description, Ended, Nature, Observation, Sink, Started
from assay.record.base import Derived, Measured, Missing, Quantity
from assay.record.rows import Metric

_KIB = 1024
_STORAGE_UNIT_BYTES = 512  # getrusage counts blocks of 512 bytes whatever the file system's block size
_COUNTERS: tuple[tuple[str, str, int], ...] = (
    ("page_faults_minor", "ru_minflt", 1),
    ("page_faults_major", "ru_majflt", 1),
    ("context_switches_voluntary", "ru_nvcsw", 1),
    ("context_switches_involuntary", "ru_nivcsw", 1),
    ("read_bytes", "ru_inblock", _STORAGE_UNIT_BYTES),
    ("written_bytes", "ru_oublock", _STORAGE_UNIT_BYTES),
)
_METRICS = (
    *("cpu_s", "cpu_user_s", "cpu_system_s", "cpu_utilisation_cores", "peak_rss_bytes"),
    *(name for name, _, _ in _COUNTERS),
)


class RusageObserver:
    """Waits for the end; there is nothing to see before."""

    def __init__(self, started: Started, sink: Sink) -> None:
        self._started = started
        self._sink = sink

    def look(self, _now_ns: int) -> None:
        """The kernel counts by itself."""

    def finish(self, ended: Ended) -> Observation:
        """The counters, and a raw copy of them."""
        if ended.usage is None:
            reason = "rusage: the kernel tells the resources of a process only to the one that started it"
            missing = Missing(reason=reason)
            return Observation(metrics=tuple(Metric(name=name, value=missing) for name in _METRICS))
        path = self._sink.artifact("raw/rusage/usage.json", collector="rusage", media_type="application/json")
        path.write_bytes(msgspec.json.encode(_raw(ended.usage)))
        values: dict[str, Quantity] = {name: _measured(value) for name, value in _times_and_counters(ended.usage)}
        wall_s = (ended.end_ns - ended.start_ns) / 1e9
        cpu_s = ended.usage.ru_utime + ended.usage.ru_stime
        values["cpu_utilisation_cores"] = Derived(value=cpu_s / wall_s, sources=("cpu_s", "wall_s"))
        values["peak_rss_bytes"] = _peak(ended.usage.ru_maxrss * _KIB, self._started.launcher_peak_rss_bytes)
        return Observation(metrics=tuple(Metric(name=name, value=value) for name, value in values.items()))


class RusageCollector:
    """The resource usage that ``wait4`` returns."""

    description = Description(
        name="rusage",
        nature=Nature.EXTERNAL,
        summary="CPU time, page faults, context switches and storage traffic, as the kernel counted them.",
        cost="none: the kernel counts anyway",
        metrics=_METRICS,
        rank=10,
    )

    def obstacle(self) -> str | None:
        """It runs on every POSIX system."""
        return None

    def attach(self, started: Started, sink: Sink) -> RusageObserver:
        """An observer that reads the counters at the end."""
        return RusageObserver(started, sink)


def _times_and_counters(usage: resource.struct_rusage) -> list[tuple[str, float]]:
    times = [
        ("cpu_s", usage.ru_utime + usage.ru_stime),
        ("cpu_user_s", usage.ru_utime),
        ("cpu_system_s", usage.ru_stime),
    ]
    return times + [(name, float(getattr(usage, field) * unit)) for name, field, unit in _COUNTERS]


def _measured(value: float) -> Measured:
    return Measured(value=value, by="rusage")


def _peak(peak_bytes: int, launcher_bytes: int) -> Quantity:
    """The peak, unless it may be the launcher's.

    Linux carries the resident set of the process that called ``exec`` over into the new program's
    ``ru_maxrss``, so that a small program appears as large as its launcher. The kernel counts in batches per
    processor, hence the margin of a sixteenth.
    """
    if peak_bytes > launcher_bytes * 17 // 16:
        return _measured(float(peak_bytes))
    size = f"{launcher_bytes / 2**20:.0f} MiB"
    return Missing(reason=f"rusage can't see a peak below the launcher's own {size}; sample the process for it")


def _raw(usage: resource.struct_rusage) -> dict[str, float]:
    return {field: getattr(usage, field) for field in sorted(dir(usage)) if field.startswith("ru_")}


PLUGIN = RusageCollector()
