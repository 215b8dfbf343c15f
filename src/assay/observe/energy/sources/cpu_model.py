"""A model of the processor's power, for where nothing can be measured: asked for by name, and labelled an estimate."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from assay.observe.energy.meter import Answer, Channel, Fault, Found, MeteredDevice, Quantity, Sensor, Wanted
from assay.record.enums import DeviceKind, EnergyMethod

MODEL = "rated-power-times-busy-share"
_IDLE_SHARE = 0.3
"""Share of its rated power that a processor draws while idle, in the middle of what servers are measured at."""
_IDLE_FIELDS = (3, 4)


class ModelledProcessor:
    """Rated power times the share of the processors that are busy, above an idle share."""

    device = MeteredDevice(
        id="cpu-model", kind=DeviceKind.CPU, name=MODEL, metric="cpu_energy_j", method=EnergyMethod.MODEL
    )
    channels = (Channel(name=f"cpu_model:{MODEL}", quantity=Quantity.POWER, sensor=Sensor(period_s=0.1)),)
    interval_s = 0.1
    tail_s = 0.3

    def __init__(self, rated_power_w: float, times: Path) -> None:
        self._rated_power_w = rated_power_w
        self._times = times
        self._last = _times(times)

    def read(self, *, full: bool = True) -> Sequence[Answer]:  # noqa: ARG002 -- there is one number
        """The modelled power since the last reading."""
        before_ns = time.perf_counter_ns()
        last, self._last = self._last, _times(self._times)
        passed = [now - then for now, then in zip(self._last, last, strict=False)]
        whole = sum(passed)
        value: float | Fault = Fault("no time has passed on the processors' clocks")
        if whole > 0:
            busy = 1.0 - sum(passed[place] for place in _IDLE_FIELDS) / whole
            value = self._rated_power_w * (_IDLE_SHARE + (1.0 - _IDLE_SHARE) * busy)
        return [Answer(0, before_ns, time.perf_counter_ns(), value)]

    def close(self) -> None:
        """Nothing is held open."""


class CpuModelSource:
    """Only on request: it measures nothing."""

    name = "cpu_model"
    summary = "an estimate: the processor's rated power times how busy it is; only by name"
    kind = DeviceKind.CPU
    on_request = True

    def find(self, wanted: Wanted) -> Found:
        """The model, where the rated power is given."""
        if wanted.rated_power_w is None:
            return Found((), "the model needs the processor's rated power; give --cpu-rated-power")
        return Found((ModelledProcessor(wanted.rated_power_w, wanted.root / "proc/stat"),))


def _times(file: Path) -> list[int]:
    """User, nice, system, idle, iowait, irq, softirq and steal ticks of all processors together."""
    try:
        first = file.read_text(encoding="ascii").split("\n", 1)[0]
    except OSError:
        return []
    return [int(word) for word in first.split()[1:9]]


PLUGIN = CpuModelSource()
