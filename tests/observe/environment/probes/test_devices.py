"""GPUs, acted by a stand-in for the driver's library."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assay.observe.environment import capture_from
from assay.observe.environment.assemble import fields
from assay.observe.environment.facts import Unknown
from assay.observe.environment.probes.devices.gpus import gpus_of
from assay.record.environment import Environment, Gpu
from tests.observe.environment.machines import make_machine

SECTIONS = {
    "absent",
    "container",
    "cpu",
    "git",
    "hostname_sha256",
    "kernel",
    "load",
    "memory",
    "python",
    "rapl",
    "variables",
}


RUNNING = [SimpleNamespace(pid=1, usedGpuMemory=5), SimpleNamespace(pid=42, usedGpuMemory=None)]


class DriverError(Exception):
    """What the library raises."""


class Driver:
    """The calls of ``pynvml`` that are used; ``broken`` ones answer with an error, a ``calm`` device has no users."""

    NVMLError = DriverError
    NVML_CLOCK_SM, NVML_CLOCK_MEM = 1, 2
    NVML_TEMPERATURE_GPU, NVML_TEMPERATURE_THRESHOLD_SLOWDOWN = 0, 1

    def __init__(
        self,
        *,
        broken: frozenset[str] = frozenset(),
        lacking: frozenset[str] = frozenset(),
        mig: bool = False,
        calm: bool = False,
    ) -> None:
        self.broken = broken
        self.lacking = lacking
        self.mig = mig
        self.calm = calm
        self.is_open = False

    def nvmlInit(self) -> None:  # noqa: N802
        if "nvmlInit" in self.broken:
            raise DriverError("Driver/library version mismatch")
        self.is_open = True

    def nvmlShutdown(self) -> None:  # noqa: N802
        self.is_open = False

    def answers(self) -> dict[str, Any]:
        return {
            "nvmlDeviceGetCount": 1,
            "nvmlDeviceGetHandleByIndex": "handle",
            "nvmlDeviceGetName": b"NVIDIA H200",
            "nvmlDeviceGetUUID": "GPU-8f3a1c2e-1234-5678-9abc-def012345678",
            "nvmlSystemGetDriverVersion": "550.54.15",
            "nvmlSystemGetCudaDriverVersion": 12040,
            "nvmlDeviceGetVbiosVersion": "96.00.89",
            "nvmlDeviceGetPciInfo": SimpleNamespace(busId=b"00000000:17:00.0"),
            "nvmlDeviceGetMemoryInfo": SimpleNamespace(total=150_000_000_000, used=1_000_000),
            "nvmlDeviceGetCurrPcieLinkGeneration": 5,
            "nvmlDeviceGetCurrPcieLinkWidth": 16,
            "nvmlDeviceGetClockInfo": 1980,
            "nvmlDeviceGetMaxClockInfo": 2619,
            "nvmlDeviceGetPowerUsage": 120_500,
            "nvmlDeviceGetEnforcedPowerLimit": 700_000,
            "nvmlDeviceGetPowerManagementDefaultLimit": 700_000,
            "nvmlDeviceGetPowerManagementLimitConstraints": [200_000, 750_000],
            "nvmlDeviceGetTemperature": 41,
            "nvmlDeviceGetTemperatureThreshold": 92,
            "nvmlDeviceGetUtilizationRates": SimpleNamespace(gpu=25, memory=3),
            "nvmlDeviceGetComputeMode": 3,
            "nvmlDeviceGetPersistenceMode": 1,
            "nvmlDeviceGetEccMode": [1, 1],
            "nvmlDeviceGetMigMode": [int(self.mig), int(self.mig)],
            "nvmlDeviceGetMaxMigDeviceCount": 2,
            "nvmlDeviceGetMigDeviceHandleByIndex": "part",
            "nvmlDeviceGetCurrentClocksEventReasons": 0 if self.calm else 0x4 | 0x40,
            "nvmlDeviceGetCurrentClocksThrottleReasons": 0x1,
            "nvmlDeviceGetComputeRunningProcesses": [] if self.calm else RUNNING,
            "nvmlDeviceGetGraphicsRunningProcesses": [],
        }

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("nvml") or name in self.lacking or name not in self.answers():
            raise AttributeError(name)
        return lambda *_: self.answer(name)

    def answer(self, name: str) -> Any:
        if not self.is_open or name in self.broken:
            raise DriverError("Not Supported")
        return self.answers()[name]


def shown(driver: Driver, own_pid: int = 1) -> tuple[Gpu, dict[str, str]]:
    values, gaps = fields(Environment, {"gpus": gpus_of(driver, own_pid)}, but=SECTIONS)
    return values["gpus"][0], {gap.field: gap.reason for gap in gaps}


def test_a_gpu_is_described_in_the_units_of_the_record() -> None:
    gpu, gaps = shown(Driver())
    assert (gpu.index, gpu.name, gpu.uuid) == (0, "NVIDIA H200", "GPU-8f3a1c2e-1234-5678-9abc-def012345678")
    assert (gpu.driver, gpu.cuda, gpu.vbios, gpu.pci_bus) == ("550.54.15", "12.4", "96.00.89", "00000000:17:00.0")
    assert (gpu.sm_clock_hz, gpu.sm_clock_max_hz) == (1_980_000_000, 2_619_000_000)
    assert (gpu.power_w, gpu.power_limit_w, gpu.power_limit_max_w) == (120.5, 700.0, 750.0)
    assert (gpu.temperature_c, gpu.temperature_slowdown_c, gpu.utilisation) == (41.0, 92.0, 0.25)
    assert (gpu.compute_mode, gpu.persistence_mode, gpu.ecc_enabled) == ("exclusive_process", True, True)
    assert gpu.throttle_reasons == ("sw_power_cap", "hw_thermal_slowdown")
    assert (gpu.mig_enabled, gpu.mig_profiles) == (False, ())
    assert list(gaps) == ["/gpus/0/processes/0/memory_bytes"]


def test_this_process_is_not_another_process_on_the_device() -> None:
    gpu, _ = shown(Driver(), own_pid=1)
    assert [process.pid for process in gpu.processes or ()] == [42]


def test_a_question_that_is_not_supported_is_null_with_its_error() -> None:
    gpu, gaps = shown(Driver(broken=frozenset({"nvmlDeviceGetEccMode", "nvmlDeviceGetPowerUsage"})))
    assert (gpu.ecc_enabled, gpu.power_w) == (None, None)
    assert gaps["/gpus/0/ecc_enabled"] == "nvmlDeviceGetEccMode: Not Supported"


def test_an_older_library_is_asked_by_its_older_name() -> None:
    gpu, _ = shown(Driver(lacking=frozenset({"nvmlDeviceGetCurrentClocksEventReasons"})))
    assert gpu.throttle_reasons == ("gpu_idle",)


def test_a_partitioned_device_names_its_parts() -> None:
    gpu, _ = shown(Driver(mig=True))
    assert (gpu.mig_enabled, gpu.mig_profiles) == (True, ("NVIDIA H200", "NVIDIA H200"))


def test_the_library_is_closed_again_whatever_happens() -> None:
    driver = Driver(broken=frozenset({"nvmlDeviceGetCount"}))
    assert gpus_of(driver, 1) == Unknown("NVML lists no devices: Not Supported")
    assert not driver.is_open


def test_a_driver_that_does_not_fit_its_library_is_a_reason() -> None:
    found = gpus_of(Driver(broken=frozenset({"nvmlInit"})), 1)
    assert found == Unknown("NVML could not be started: Driver/library version mismatch")


def test_without_a_driver_the_library_is_not_even_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)
    environment = capture_from(make_machine(tmp_path, {}))
    reasons = {entry.field: entry.reason for entry in environment.absent}
    assert environment.gpus is None
    assert reasons["/gpus"] == "no NVIDIA driver: /dev/nvidiactl does not exist"


def test_a_driver_without_the_python_library_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)
    environment = capture_from(make_machine(tmp_path, {"dev/nvidiactl": ""}))
    reasons = {entry.field: entry.reason for entry in environment.absent}
    assert "pip install 'assay[nvidia]'" in reasons["/gpus"]
