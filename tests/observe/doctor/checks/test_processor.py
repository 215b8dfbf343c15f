"""What makes the processor's speed vary, and how to hold it still."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.observe.doctor.checks.looking import finding
from tests.observe.environment.machines import CPU, INTEL, SENSORS, SYSTEM, Files

DOCKER: Files = {".dockerenv": ""}


@pytest.mark.parametrize(
    ("name", "parts", "command"),
    [
        ("governor", (INTEL,), "echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor"),
        ("turbo", (INTEL,), "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo"),
        ("turbo", ({f"{CPU}/cpufreq/boost": "1"},), "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost"),
        ("smt", (INTEL,), "echo off | sudo tee /sys/devices/system/cpu/smt/control"),
        (
            "huge_pages",
            ({"sys/kernel/mm/transparent_hugepage/enabled": "always madvise [never]"},),
            "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled",
        ),
    ],
)
def test_the_command_is_exact_and_belongs_to_the_host(
    tmp_path: Path, name: str, parts: tuple[Files, ...], command: str
) -> None:
    assert finding(name, tmp_path / "host", *parts).enable == command
    assert finding(name, tmp_path / "container", *parts, DOCKER).enable == f"on the host of the container: {command}"


def test_the_processors_that_share_a_core_are_counted(tmp_path: Path) -> None:
    assert finding("smt", tmp_path, INTEL).found == "4 processors on 2 cores"


def test_deep_idle_states_are_named(tmp_path: Path) -> None:
    deep = finding("idle_states", tmp_path, INTEL, {f"{CPU}/cpu0/cpuidle/state3/disable": "0"})
    assert deep.reason == "deep idle states are enabled: C6"


def test_a_virtual_machine_is_told_to_pass_the_hosts_processor_through(tmp_path: Path) -> None:
    old = finding("cpu_features", tmp_path, {"proc/cpuinfo": "flags\t: fpu sse2\n"})
    assert "-cpu host" in (old.enable or "")


def test_throttling_is_told_with_its_count(tmp_path: Path) -> None:
    hot = finding("thermal", tmp_path, SENSORS, INTEL)
    assert hot.found == "62 °C; 18 throttling events since boot"


def test_large_pages_that_are_reserved_are_told(tmp_path: Path) -> None:
    assert finding("huge_pages", tmp_path, SYSTEM).found == "transparent huge pages: madvise; reserved: 4"
