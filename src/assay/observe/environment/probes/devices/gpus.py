"""NVIDIA GPUs, through the driver's own library (NVML)."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from assay.observe.environment.facts import Facts, Rows, Unknown, first
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources
from assay.record.environment import Gpu, GpuProcess

_DRIVER_MARKS = ("dev/nvidiactl", "proc/driver/nvidia/version", "dev/dxg")
_MHZ = 1_000_000
_COMPUTE_MODES = ("default", "exclusive_thread", "prohibited", "exclusive_process")
_THROTTLE_REASONS = (
    (0x1, "gpu_idle"),
    (0x2, "applications_clocks_setting"),
    (0x4, "sw_power_cap"),
    (0x8, "hw_slowdown"),
    (0x10, "sync_boost"),
    (0x20, "sw_thermal_slowdown"),
    (0x40, "hw_thermal_slowdown"),
    (0x80, "hw_power_brake_slowdown"),
    (0x100, "display_clock_setting"),
)


def _read(sources: Sources) -> Facts:
    if not any(sources.exists(mark) for mark in _DRIVER_MARKS):
        return {"gpus": Unknown("no NVIDIA driver: /dev/nvidiactl does not exist")}
    try:
        import pynvml
    except ImportError:
        return {
            "gpus": Unknown("the NVIDIA driver is there, but its Python library is not: pip install 'assay[nvidia]'")
        }
    return {"gpus": gpus_of(pynvml, os.getpid())}


def gpus_of(nvml: Any, own_pid: int) -> Rows | Unknown:
    """Every device that the library shows; ``nvml`` is the module ``pynvml``."""
    try:
        nvml.nvmlInit()
    except nvml.NVMLError as error:
        return Unknown(f"NVML could not be started: {error}")
    try:
        count = nvml.nvmlDeviceGetCount()
        return Rows(Gpu, tuple(_gpu(_Device(nvml, index), own_pid) for index in range(count)))
    except nvml.NVMLError as error:
        return Unknown(f"NVML lists no devices: {error}")
    finally:
        nvml.nvmlShutdown()


class _Device:
    """One device; each question is answered or says why not."""

    def __init__(self, nvml: Any, index: int) -> None:
        self.nvml = nvml
        self.index = index
        self.handle = nvml.nvmlDeviceGetHandleByIndex(index)

    def ask(self, question: str, *arguments: Any, convert: Callable[[Any], Any] = lambda answer: answer) -> Any:
        """The answer to an ``nvmlDeviceGet…`` question, converted to the record's unit."""
        return self._guarded(question, lambda function: convert(function(self.handle, *arguments)))

    def ask_system(self, question: str, convert: Callable[[Any], Any]) -> Any:
        """The answer to a question about the driver."""
        return self._guarded(question, lambda function: convert(function()))

    def _guarded(self, question: str, call: Callable[[Any], Any]) -> Any:
        function = getattr(self.nvml, question, None)
        if function is None:
            return Unknown(f"the installed NVML library has no {question}")
        try:
            return call(function)
        except self.nvml.NVMLError as error:
            return Unknown(f"{question}: {error}")


def _gpu(device: _Device, own_pid: int) -> Facts:
    return {"index": device.index, **_identity(device), **_clocks_and_power(device), **_state(device, own_pid)}


def _identity(device: _Device) -> Facts:
    ask = device.ask
    return {
        "name": ask("nvmlDeviceGetName", convert=_text),
        "uuid": ask("nvmlDeviceGetUUID", convert=_text),
        "driver": device.ask_system("nvmlSystemGetDriverVersion", _text),
        "cuda": device.ask_system("nvmlSystemGetCudaDriverVersion", lambda code: f"{code // 1000}.{code % 1000 // 10}"),
        "vbios": ask("nvmlDeviceGetVbiosVersion", convert=_text),
        "pci_bus": ask("nvmlDeviceGetPciInfo", convert=lambda info: _text(info.busId)),
        "memory_bytes": ask("nvmlDeviceGetMemoryInfo", convert=lambda memory: int(memory.total)),
        "memory_used_bytes": ask("nvmlDeviceGetMemoryInfo", convert=lambda memory: int(memory.used)),
        "pcie_generation": ask("nvmlDeviceGetCurrPcieLinkGeneration"),
        "pcie_width": ask("nvmlDeviceGetCurrPcieLinkWidth"),
    }


def _clocks_and_power(device: _Device) -> Facts:
    ask, nvml = device.ask, device.nvml
    return {
        "sm_clock_hz": ask("nvmlDeviceGetClockInfo", nvml.NVML_CLOCK_SM, convert=_hertz),
        "sm_clock_max_hz": ask("nvmlDeviceGetMaxClockInfo", nvml.NVML_CLOCK_SM, convert=_hertz),
        "memory_clock_hz": ask("nvmlDeviceGetClockInfo", nvml.NVML_CLOCK_MEM, convert=_hertz),
        "memory_clock_max_hz": ask("nvmlDeviceGetMaxClockInfo", nvml.NVML_CLOCK_MEM, convert=_hertz),
        "power_w": ask("nvmlDeviceGetPowerUsage", convert=_watts),
        "power_limit_w": ask("nvmlDeviceGetEnforcedPowerLimit", convert=_watts),
        "power_limit_default_w": ask("nvmlDeviceGetPowerManagementDefaultLimit", convert=_watts),
        "power_limit_max_w": ask("nvmlDeviceGetPowerManagementLimitConstraints", convert=lambda ends: _watts(ends[1])),
    }


def _state(device: _Device, own_pid: int) -> Facts:
    ask, nvml = device.ask, device.nvml
    mig = ask("nvmlDeviceGetMigMode", convert=lambda modes: modes[0] == 1)
    return {
        "temperature_c": ask("nvmlDeviceGetTemperature", nvml.NVML_TEMPERATURE_GPU, convert=float),
        "temperature_slowdown_c": ask(
            "nvmlDeviceGetTemperatureThreshold", nvml.NVML_TEMPERATURE_THRESHOLD_SLOWDOWN, convert=float
        ),
        "utilisation": ask("nvmlDeviceGetUtilizationRates", convert=lambda rates: rates.gpu / 100),
        "compute_mode": ask("nvmlDeviceGetComputeMode", convert=_COMPUTE_MODES.__getitem__),
        "persistence_mode": ask("nvmlDeviceGetPersistenceMode", convert=bool),
        "ecc_enabled": ask("nvmlDeviceGetEccMode", convert=lambda modes: bool(modes[0])),
        "mig_enabled": mig,
        "mig_profiles": _mig_profiles(device, mig),
        "throttle_reasons": _throttle_reasons(device),
        "processes": _processes(device, own_pid),
    }


def _throttle_reasons(device: _Device) -> Any:
    """The call was renamed in newer drivers."""
    names = ("nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons")
    return first(device.ask(name, convert=_reasons) for name in names)


def _reasons(mask: int) -> tuple[str, ...]:
    return tuple(name for bit, name in _THROTTLE_REASONS if mask & bit)


def _mig_profiles(device: _Device, mig: Any) -> Any:
    if mig is not True:
        return mig if isinstance(mig, Unknown) else ()
    nvml = device.nvml
    profiles = []
    for index in range(nvml.nvmlDeviceGetMaxMigDeviceCount(device.handle)):
        try:
            profiles.append(
                _text(nvml.nvmlDeviceGetName(nvml.nvmlDeviceGetMigDeviceHandleByIndex(device.handle, index)))
            )
        except nvml.NVMLError:
            continue  # an index without an instance
    return tuple(profiles)


def _processes(device: _Device, own_pid: int) -> Rows | Unknown:
    found: dict[int, Any] = {}
    for question in ("nvmlDeviceGetComputeRunningProcesses", "nvmlDeviceGetGraphicsRunningProcesses"):
        answer = device.ask(question)
        if isinstance(answer, Unknown):
            return answer
        found.update({entry.pid: entry.usedGpuMemory for entry in answer if entry.pid != own_pid})
    silent = Unknown("the driver does not tell the memory of this process")
    rows = ({"pid": pid, "memory_bytes": silent if found[pid] is None else found[pid]} for pid in sorted(found))
    return Rows(GpuProcess, tuple(rows))


def _hertz(mhz: int) -> int:
    return mhz * _MHZ


def _watts(milliwatts: int) -> float:
    return milliwatts / 1000


def _text(value: Any) -> str:
    """Older libraries answer in bytes."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


PLUGIN = Probe(fields=("gpus",), read=_read)
