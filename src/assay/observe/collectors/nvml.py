"""How busy each NVIDIA GPU is, ten times a second, as its driver says."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from assay.observe.collector import Description, Ended, Nature, Observation, Sink, Started

_DEVICE = Path("/dev/nvidiactl")
_HANDED_OVER_EVERY_NS = 1_000_000_000
_PERCENT = 0.01
_WATTS = 0.001
_SERIES: dict[str, Callable[[Any, Any], float]] = {
    "gpu_busy_share": lambda nvml, handle: nvml.nvmlDeviceGetUtilizationRates(handle).gpu * _PERCENT,
    "gpu_memory_busy_share": lambda nvml, handle: nvml.nvmlDeviceGetUtilizationRates(handle).memory * _PERCENT,
    "gpu_memory_used_bytes": lambda nvml, handle: float(nvml.nvmlDeviceGetMemoryInfo(handle).used),
    "gpu_power_w": lambda nvml, handle: nvml.nvmlDeviceGetPowerUsage(handle) * _WATTS,
}
"""Series by name; one that a device does not answer is left out for it."""


class NvmlObserver:
    """Asks the driver about every device."""

    def __init__(self, nvml: Any, sink: Sink) -> None:
        self._nvml, self._sink = nvml, sink
        nvml.nvmlInit()
        self._handles = [nvml.nvmlDeviceGetHandleByIndex(index) for index in range(nvml.nvmlDeviceGetCount())]
        self._kept: dict[int, list[tuple[int, str, float]]] = {index: [] for index in range(len(self._handles))}
        self._handed_over_ns = 0

    def look(self, now_ns: int) -> None:
        """One reading of each series of each device."""
        for index, handle in enumerate(self._handles):
            for name, read in _SERIES.items():
                try:
                    self._kept[index].append((now_ns, name, read(self._nvml, handle)))
                except self._nvml.NVMLError:
                    continue
        if now_ns - self._handed_over_ns >= _HANDED_OVER_EVERY_NS:
            self._handed_over_ns = now_ns
            self._hand_over()

    def finish(self, _ended: Ended) -> Observation:
        """The rest of the series; they stand for themselves."""
        self._hand_over()
        self._nvml.nvmlShutdown()
        return Observation()

    def _hand_over(self) -> None:
        for index, rows in self._kept.items():
            if rows:
                times_ns, names, values = zip(*rows, strict=True)
                self._sink.samples.append(time_ns=times_ns, name=names, device=f"gpu:{index}", value=values)
                rows.clear()


class NvmlCollector:
    """NVIDIA's management library, through its Python package."""

    description = Description(
        name="nvml",
        nature=Nature.EXTERNAL,
        summary="How busy each GPU and its memory are, memory in use and power, ten times a second.",
        cost="some tens of microseconds of the driver per reading and device",
        interval_s=0.1,
        diagnosis=True,
    )

    def obstacle(self) -> str | None:
        """It needs the driver, and the library's Python package."""
        if not _DEVICE.exists():
            return f"there is no NVIDIA driver: {_DEVICE} does not exist"
        try:
            import_module("pynvml")
        except ImportError:
            return "the driver's Python library is not installed; run: pip install 'assay[nvidia]'"
        return None

    def attach(self, _started: Started, sink: Sink) -> NvmlObserver:
        """Begin to ask."""
        return NvmlObserver(import_module("pynvml"), sink)


PLUGIN = NvmlCollector()
