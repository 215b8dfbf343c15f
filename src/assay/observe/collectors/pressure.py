"""How much others disturbed the measurement: the time during which some task on the machine waited for a processor."""

from __future__ import annotations

from pathlib import Path

from assay.observe.collector import Description, Ended, Nature, Observation, Sink, Started
from assay.record.enums import Severity
from assay.record.rows import Evidence, QualityFlag

_PRESSURE = Path("/proc/pressure/cpu")
_NOISY_SHARE = 0.10
"""Share of the run from which a machine counts as noisy; an idle one shows 0 to 2 %."""


class PressureObserver:
    """Reads the kernel's stall counter at both ends."""

    def __init__(self) -> None:
        self._stalled_at_start_us = stalled_us(_PRESSURE)

    def look(self, _now_ns: int) -> None:
        """The kernel counts by itself."""

    def finish(self, ended: Ended) -> Observation:
        """A flag where the machine was noisy, or where that can't be known."""
        before, after = self._stalled_at_start_us, stalled_us(_PRESSURE)
        if before is None or after is None:
            return Observation(quality=(_unknown(),))
        wall_us = (ended.end_ns - ended.start_ns) / 1e3
        return Observation(quality=noise_flags(min(1.0, (after - before) / wall_us)))


class PressureCollector:
    """Pressure stall information of the whole machine."""

    description = Description(
        name="pressure",
        nature=Nature.EXTERNAL,
        summary="Whether tasks had to wait for a processor while the target ran.",
        cost="two reads of a small file",
    )

    def obstacle(self) -> str | None:
        """It needs a kernel with pressure stall information."""
        if stalled_us(_PRESSURE) is None:
            return f"{_PRESSURE} can't be read; boot a kernel of 4.20 or later with psi=1"
        return None

    def attach(self, _started: Started, _sink: Sink) -> PressureObserver:
        """An observer that compares the counter at both ends."""
        return PressureObserver()


def stalled_us(file: Path) -> int | None:
    """Microseconds so far in which at least one task waited; None where the kernel does not say."""
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        if line.startswith("some ") and "total=" in line:
            return int(line.rpartition("total=")[2])
    return None


def noise_flags(share: float) -> tuple[QualityFlag, ...]:
    """The flag for a machine on which, for that share of the run, some task waited for a processor."""
    if share < _NOISY_SHARE:
        return ()
    message = f"For {share:.0%} of the run some task on this machine waited for a processor; wall times are disturbed."
    evidence = Evidence(name="share of the run with a task waiting for a processor", value=share, unit="1")
    return (QualityFlag(id="noisy_machine", severity=Severity.WARNING, message=message, evidence=(evidence,)),)


def _unknown() -> QualityFlag:
    message = f"Whether others disturbed the run is not known: {_PRESSURE} could not be read."
    return QualityFlag(id="noise_unknown", severity=Severity.INFO, message=message)


PLUGIN = PressureCollector()
