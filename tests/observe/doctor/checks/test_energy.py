"""Energy counters and GPUs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assay.observe.doctor.finding import Finding
from tests.observe.doctor.checks.looking import finding
from tests.observe.environment.machines import RAPL, Files
from tests.observe.environment.probes.test_devices import Driver

GUEST: Files = {"proc/cpuinfo": "flags\t: fpu hypervisor\n"}


def test_zones_that_only_root_may_read_are_opened_by_a_command(tmp_path: Path) -> None:
    found = finding("rapl", tmp_path, RAPL)
    assert "dram (msr, not readable)" in found.found
    assert found.lost == "energy of dram"
    assert found.enable == "sudo chmod a+r /sys/class/powercap/*/energy_uj"


def test_root_needs_no_sudo(tmp_path: Path) -> None:
    assert finding("rapl", tmp_path, RAPL, is_root=lambda: True).enable == "chmod a+r /sys/class/powercap/*/energy_uj"


def test_a_guest_is_told_that_nothing_inside_it_helps_and_a_host_which_module_does(tmp_path: Path) -> None:
    assert "bare metal" in (finding("rapl", tmp_path / "guest", GUEST).enable or "")
    assert finding("rapl", tmp_path / "host").enable == "sudo modprobe intel_rapl_msr"


def test_a_masked_container_is_told_what_to_mount(tmp_path: Path) -> None:
    masked = {"sys/class/powercap/intel-rapl:0": "", ".dockerenv": ""}
    assert "docker run -v /sys/devices/virtual/powercap" in (finding("rapl", tmp_path, masked).enable or "")


def with_gpu(root: Path, monkeypatch: pytest.MonkeyPatch, driver: Driver) -> Finding:
    monkeypatch.setitem(sys.modules, "pynvml", driver)
    return finding("nvml", root, {"dev/nvidiactl": ""})


def test_an_idle_gpu_is_ok_and_described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = with_gpu(tmp_path, monkeypatch, Driver(calm=True))
    assert (found.state, found.found) == ("ok", "GPU 0 NVIDIA H200, driver 550.54.15, limit 700 W")


@pytest.mark.parametrize(
    ("driver", "said"),
    [
        (Driver(), "2 other processes use it, it is slowed down (hw_thermal_slowdown)"),
        (Driver(calm=True, broken=frozenset({"nvmlDeviceGetPowerUsage"})), "it does not tell its power"),
    ],
)
def test_a_gpu_that_is_disturbed_says_by_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, driver: Driver, said: str
) -> None:
    found = with_gpu(tmp_path, monkeypatch, driver)
    assert (found.state, found.reason) == ("degraded", f"GPU 0: {said}")


def test_without_a_driver_it_is_installed_by_the_distributions_manager(tmp_path: Path) -> None:
    fedora = {"etc/os-release": "ID=fedora\n"}
    assert finding("nvml", tmp_path / "a", fedora).enable == "sudo dnf install akmod-nvidia"
    assert finding("nvml", tmp_path / "b").enable == "sudo apt-get install nvidia-driver"
    assert "docker run --gpus all" in (finding("nvml", tmp_path / "c", {".dockerenv": ""}).enable or "")
