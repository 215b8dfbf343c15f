"""How long the processors were held down by heat, and the target's control group by its quota."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from assay.observe.energy.files import number_in
from assay.observe.energy.meter import Fault
from assay.observe.environment.cgroups import Group, group_of, throttling
from assay.observe.environment.facts import Unknown
from assay.observe.environment.sources import Sources
from assay.record.base import Measured, Missing
from assay.record.enums import Severity
from assay.record.rows import Evidence, Metric, QualityFlag

_CPUS = "sys/devices/system/cpu"
_HEAT = ("package_throttle_total_time_ms", "core_throttle_total_time_ms")
THERMAL, QUOTA = "throttled_thermal_s", "throttled_cgroup_s"
_BY = {THERMAL: "kernel:thermal_throttle", QUOTA: "cgroup:cpu.stat"}
_WORDS = {THERMAL: "Heat held the processors' clocks down", QUOTA: "The control group's quota kept the target waiting"}
PROCESSOR = "cpu:0"


class Holds:
    """Counters of the time lost, read when it is made and when the time is up."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root
        self._sources = Sources(root, environ={}, cwd=Path("/"))
        group = group_of(self._sources, "cpu")
        self._group: Group | None = None if isinstance(group, Unknown) else group
        self._before = dict(self._readings())

    def since(self) -> tuple[tuple[Metric, ...], tuple[QualityFlag, ...]]:
        """Time lost since it was made, and a flag for each kind of which there was any."""
        now = dict(self._readings())
        lost = {name: max(0.0, now[name] - then) for name, then in self._before.items() if name in now}
        flags = tuple(_flag(name, seconds) for name, seconds in lost.items() if seconds > 0.0)
        return (self._metric(THERMAL, lost), self._metric(QUOTA, lost)), flags

    def _metric(self, name: str, lost: dict[str, float]) -> Metric:
        device = PROCESSOR if name == THERMAL else None
        if name in lost:
            return Metric(name=name, value=Measured(value=lost[name], by=_BY[name]), device=device)
        why = "the kernel does not count it here" if name == THERMAL else "no control group with a quota was found"
        return Metric(name=name, value=Missing(reason=why), device=device)

    def _readings(self) -> Iterator[tuple[str, float]]:
        heat_ms = [ms for file in self._heat_files() if not isinstance(ms := number_in(file), Fault)]
        if heat_ms:
            # each processor of a package tells the same package's time, so that adding them would count it again
            yield THERMAL, max(heat_ms) / 1e3
        totals = None if self._group is None else throttling(self._sources, self._group)
        if isinstance(totals, dict) and "throttled_ns" in totals:
            yield QUOTA, totals["throttled_ns"] / 1e9

    def _heat_files(self) -> Iterator[Path]:
        folder = self._root / _CPUS
        for cpu in sorted(folder.glob("cpu[0-9]*")):
            if re.fullmatch(r"cpu\d+", cpu.name):
                yield from (cpu / "thermal_throttle" / name for name in _HEAT)


def _flag(name: str, seconds: float) -> QualityFlag:
    message = f"{_WORDS[name]} for {seconds:.3f} s."
    evidence = (Evidence(name=name, value=seconds, unit="s"),)
    return QualityFlag(id=name.removesuffix("_s"), severity=Severity.WARNING, message=message, evidence=evidence)
