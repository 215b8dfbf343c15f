"""What a piece of code took: wall and processor time, energy, memory; each a number or the reason why not."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

_POWERCAP = Path("/sys/class/powercap")
_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_RESET_PEAK = "5"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was taken."""

    start_ns: int
    wall_ns: int
    cpu_ns: int
    values: dict[str, float]
    """By the name of the limit: ``wall_s``, ``cpu_s``, ``energy_j``, ``peak_mb``."""
    reasons: dict[str, str]
    """Why a number is not among them."""


@dataclass
class Meter:
    """Started before, read afterwards."""

    energy: bool = False
    memory: bool = False
    reasons: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Begin; the clocks are read last."""
        self._peak_before = self._reset_peak() if self.memory else None
        self._joules = self._packages() if self.energy else {}
        self._cpu_ns = time.process_time_ns()
        self._start_ns = time.perf_counter_ns()

    def read(self) -> Reading:
        """What was taken since the start; the clocks are read first."""
        wall_ns = time.perf_counter_ns() - self._start_ns
        cpu_ns = time.process_time_ns() - self._cpu_ns
        values = {"wall_s": wall_ns / 1e9, "cpu_s": cpu_ns / 1e9}
        if self._joules:
            values["energy_j"] = self._spent()
        if self._peak_before is not None:
            values["peak_mb"] = max(0, _status("VmHWM") - self._peak_before) / 1e6
        return Reading(
            start_ns=self._start_ns, wall_ns=wall_ns, cpu_ns=cpu_ns, values=values, reasons=dict(self.reasons)
        )

    def _reset_peak(self) -> int | None:
        try:
            _CLEAR.write_text(_RESET_PEAK, encoding="ascii")
            return _status("VmRSS")
        except (OSError, ValueError) as error:
            self.reasons["peak_mb"] = f"the kernel's peak can't be reset: {error}"
            return None

    def _packages(self) -> dict[Path, tuple[int, int]]:
        """Counter and range of every package, in microjoules."""
        found: dict[Path, tuple[int, int]] = {}
        try:
            for zone in sorted(_POWERCAP.glob("intel-rapl:?")):
                if (zone / "name").read_text(encoding="ascii").startswith("package"):
                    found[zone] = _number(zone / "energy_uj"), _number(zone / "max_energy_range_uj")
        except (OSError, ValueError) as error:
            self.reasons["energy_j"] = f"RAPL can't be read: {error}; `assay doctor` says what would change that"
            return {}
        if not found:
            self.reasons["energy_j"] = "this machine shows no RAPL energy counters"
        return found

    def _spent(self) -> float:
        """Joules since the start; a counter that wrapped did so once."""
        spent = ((_number(zone / "energy_uj") - before) % wrap for zone, (before, wrap) in self._joules.items())
        return sum(spent) / 1e6


def _number(file: Path) -> int:
    return int(file.read_text(encoding="ascii"))


def _status(field_name: str) -> int:
    """A size of this process in bytes."""
    for line in _STATUS.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{field_name}:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"there is no {field_name}")
