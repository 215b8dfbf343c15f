"""Sampling and performance counters: the remedy fits the cause."""

from __future__ import annotations

import errno
from pathlib import Path

from tests.observe.doctor.checks.looking import finding
from tests.observe.environment.machines import INTEL, SYSTEM, Files

DOCKER: Files = {".dockerenv": ""}
YAMA: Files = {"proc/sys/kernel/yama/ptrace_scope": "1"}


def test_a_refused_counter_is_enabled_by_the_paranoid_level(tmp_path: Path) -> None:
    refused = finding("perf_hardware", tmp_path, SYSTEM, open_counter=lambda _event, _share: errno.EACCES)
    assert "perf_event_paranoid is 3" in (refused.reason or "")
    assert refused.enable == "sudo sysctl kernel.perf_event_paranoid=1"


def test_in_a_container_the_flag_and_the_hosts_command_are_named(tmp_path: Path) -> None:
    refused = finding("perf_hardware", tmp_path, SYSTEM, DOCKER, open_counter=lambda _event, _share: errno.EPERM)
    assert "docker run --cap-add PERFMON" in (refused.enable or "")
    assert "on the host of the container: sudo sysctl kernel.perf_event_paranoid=1" in (refused.enable or "")


def test_a_machine_without_counters_is_not_told_to_change_permissions(tmp_path: Path) -> None:
    none = finding("perf_hardware", tmp_path, SYSTEM, open_counter=lambda _event, _share: errno.ENOENT)
    assert "sysctl" not in (none.enable or "")
    assert "bare metal" in (none.enable or "")


def test_single_counters_that_fail_are_named_as_lost(tmp_path: Path) -> None:
    def only_cycles(event: str, _share: str) -> int:
        return 0 if event == "cycles" else errno.ENOENT

    assert (
        finding("perf_hardware", tmp_path, open_counter=only_cycles).lost == "instructions, cache-misses, branch-misses"
    )


def test_yama_is_lifted_by_a_capability_in_a_container_and_by_sysctl_on_a_host(tmp_path: Path) -> None:
    host = finding("ptrace", tmp_path / "host", INTEL, YAMA)
    assert host.enable == "sudo sysctl kernel.yama.ptrace_scope=0"
    container = finding("ptrace", tmp_path / "container", INTEL, YAMA, DOCKER)
    assert "docker run --cap-add SYS_PTRACE" in (container.enable or "")


def test_py_spy_is_found_or_installed_by_pip(tmp_path: Path) -> None:
    assert finding("py_spy", tmp_path / "a").found == "py-spy is there"
    assert finding("py_spy", tmp_path / "b", program=lambda _: None).enable == "pip install py-spy"


def test_perf_is_installed_by_the_distribution_s_own_tool(tmp_path: Path) -> None:
    none = finding("perf_tool", tmp_path, program=lambda _: None)
    assert "apt-get install linux-perf" in (none.enable or "")


def test_tracepoints_are_counted_where_they_can_be_read(tmp_path: Path) -> None:
    folder = "sys/kernel/debug/tracing/events/syscalls"
    found = finding("tracepoints", tmp_path, {f"{folder}/sys_enter_read/id": "1", f"{folder}/sys_exit_read/id": "2"})
    assert found.found == "1 system calls can be counted"
