"""GPUs, acted by a stand-in for the driver's library: none was at hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from assay.observe.collector import Ended
from assay.observe.collectors import nvml
from assay.observe.collectors.nvml import NvmlObserver
from tests.observe.collectors.targets import Sink

ENDED = Ended(start_ns=0, end_ns=9, wait_status=0, usage=None)


class DriverError(Exception):
    """What the library raises."""


class Driver:
    """Two devices, of which the second tells no power."""

    NVMLError = DriverError

    def __init__(self) -> None:
        self.calls: list[str] = []

    def nvmlInit(self) -> None:  # noqa: N802 - the library's names
        self.calls.append("init")

    def nvmlShutdown(self) -> None:  # noqa: N802
        self.calls.append("shutdown")

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802
        return 2

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:  # noqa: N802
        return index

    def nvmlDeviceGetUtilizationRates(self, handle: int) -> SimpleNamespace:  # noqa: N802
        return SimpleNamespace(gpu=50 + handle, memory=25)

    def nvmlDeviceGetMemoryInfo(self, _handle: int) -> SimpleNamespace:  # noqa: N802
        return SimpleNamespace(used=1 << 30)

    def nvmlDeviceGetPowerUsage(self, handle: int) -> int:  # noqa: N802
        if handle:
            raise DriverError("not supported")
        return 250_500


def test_series_have_units_and_what_a_device_does_not_tell_is_left_out(tmp_path: Path) -> None:
    sink, driver = Sink(tmp_path), Driver()
    observer = NvmlObserver(driver, sink)
    observer.look(1_000)
    observer.look(2_000_000_000)
    assert observer.finish(ENDED).metrics == ()
    assert driver.calls == ["init", "shutdown"]
    first = {name: value for time_ns, name, device, value in sink.samples.rows if (time_ns, device) == (1_000, "gpu:0")}
    assert first == {
        "gpu_busy_share": 0.5,
        "gpu_memory_busy_share": 0.25,
        "gpu_memory_used_bytes": float(1 << 30),
        "gpu_power_w": 250.5,
    }
    second = {name for _, name, device, _ in sink.samples.rows if device == "gpu:1"}
    assert second == first.keys() - {"gpu_power_w"}


def test_without_a_driver_that_is_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvml, "_DEVICE", tmp_path / "nvidiactl")
    assert "no NVIDIA driver" in str(nvml.PLUGIN.obstacle())
