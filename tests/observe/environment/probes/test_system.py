"""The operating system and its limits, as different machines and containers show them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from assay.observe.environment import capture_from
from assay.record.environment import Container, Environment
from tests.observe.environment.machines import (
    CGROUP_V1_IN_DOCKER,
    CGROUP_V2,
    GROUP,
    SENSORS,
    SYSTEM,
    Files,
    make_machine,
)

KIB = 1024


def captured(root: Path, *parts: Files, environ: Mapping[str, str] | None = None) -> Environment:
    return capture_from(make_machine(root, *parts, environ=environ))


def container_of(root: Path, *parts: Files, environ: Mapping[str, str] | None = None) -> Container:
    return captured(root, *parts, environ=environ).container


def reason(environment: Environment, field: str) -> str:
    return next(entry.reason for entry in environment.absent if entry.field == field)


def test_version_2_limits_are_the_least_over_nested_groups(tmp_path: Path) -> None:
    container = container_of(tmp_path, CGROUP_V2)
    assert (container.cgroup_version, container.cgroup_path) == (2, "/user.slice/app.scope")
    assert container.cpu_quota_cores == 1.5
    assert container.memory_limit_bytes == 8 * 1024**3
    assert container.swap_limit_bytes == 0
    assert (container.memory_used_bytes, container.memory_peak_bytes) == (1048576, 2097152)
    assert (container.cpuset, container.cpuset_memory_nodes, container.cpu_weight) == ("1-2", "0", 100)


def test_an_inner_limit_that_is_tighter_wins(tmp_path: Path) -> None:
    inner = {f"{GROUP}/user.slice/app.scope/cpu.max": "50000 100000\n"}
    assert container_of(tmp_path, CGROUP_V2, inner).cpu_quota_cores == 0.5


def test_throttling_counts_every_level_that_stops_the_process(tmp_path: Path) -> None:
    container = container_of(tmp_path, CGROUP_V2)
    assert (container.periods, container.throttled_periods, container.throttled_ns) == (13, 5, 2_040_000)


def test_version_1_limits_are_found_below_what_the_container_mounts(tmp_path: Path) -> None:
    container = container_of(tmp_path, CGROUP_V1_IN_DOCKER)
    assert (container.runtime, container.cgroup_version) == ("docker", 1)
    assert container.cgroup_path == "/docker/abc/inner"
    assert container.cpu_quota_cores == 2.0
    assert container.cpu_weight == 512
    assert container.memory_limit_bytes == 1024**3
    assert container.swap_limit_bytes == 512 * 1024**2
    assert (container.memory_used_bytes, container.memory_peak_bytes) == (4096, 8192)
    assert (container.periods, container.throttled_periods, container.throttled_ns) == (20, 2, 5000)
    assert (container.cpuset, container.cpuset_memory_nodes) == ("0-1", "0")


def test_no_limit_is_null_and_says_that_none_is_set(tmp_path: Path) -> None:
    unlimited = {
        f"{GROUP}/user.slice/cpu.max": "max 100000\n",
        f"{GROUP}/user.slice/memory.max": "max\n",
    }
    environment = captured(tmp_path, CGROUP_V2, unlimited)
    assert environment.container.cpu_quota_cores is None
    assert environment.container.memory_limit_bytes is None
    assert reason(environment, "/container/memory_limit_bytes").startswith("no limit is set")


@pytest.mark.parametrize(
    ("files", "environ", "runtime"),
    [
        ({".dockerenv": ""}, {}, "docker"),
        ({"run/.containerenv": 'engine="podman-4.9"\nimage="docker.io/library/debian:12"\n'}, {}, "podman"),
        ({".dockerenv": ""}, {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, "kubernetes"),
        ({"proc/1/environ": "PATH=/bin\0container=lxc\0"}, {}, "lxc"),
        ({}, {"container": "systemd-nspawn"}, "systemd-nspawn"),
        ({"proc/self/cgroup": "0::/system.slice/docker-0123abc.scope\n"}, {}, "docker"),
        ({"proc/self/cgroup": "0::/kubepods/burstable/pod1/abc\n"}, {}, "kubernetes"),
        ({"proc/self/cgroup": "0::/user.slice\n"}, {}, "none"),
    ],
)
def test_container_runtimes_leave_marks(tmp_path: Path, files: Files, environ: dict[str, str], runtime: str) -> None:
    assert container_of(tmp_path, files, environ=environ).runtime == runtime


def test_the_image_is_what_podman_or_the_user_states(tmp_path: Path) -> None:
    podman = {"run/.containerenv": 'engine="podman-4.9"\nimage="docker.io/library/debian:12"\n'}
    assert container_of(tmp_path / "a", podman).image == "docker.io/library/debian:12"
    stated = {"ASSAY_CONTAINER_IMAGE": "me/model:3"}
    assert container_of(tmp_path / "b", {".dockerenv": ""}, environ=stated).image == "me/model:3"
    assert container_of(tmp_path / "c", {".dockerenv": ""}).image is None


def test_memory_is_in_bytes_and_swap_in_use_is_a_difference(tmp_path: Path) -> None:
    memory = captured(tmp_path, SYSTEM).memory
    assert (memory.total_bytes, memory.available_bytes) == (16000 * KIB, 9000 * KIB)
    assert (memory.swap_total_bytes, memory.swap_used_bytes) == (2000 * KIB, 500 * KIB)
    assert (memory.huge_pages_total, memory.huge_page_bytes) == (4, 2048 * KIB)
    assert (memory.transparent_huge_pages, memory.transparent_huge_pages_defrag) == ("madvise", "defer+madvise")
    assert (memory.swappiness, memory.numa_balancing) == (60, True)


def test_a_node_keeps_what_it_states_and_explains_the_rest(tmp_path: Path) -> None:
    environment = captured(tmp_path, SYSTEM)
    near, far = environment.memory.nodes or ()
    assert (near.node, near.cpus, near.total_bytes, near.free_bytes) == (0, (0, 1), 8000 * KIB, 4000 * KIB)
    assert (far.node, far.cpus, far.free_bytes) == (1, None, None)
    assert "does not exist" in reason(environment, "/memory/nodes/1/cpus")


def test_the_kernel_is_named_and_its_command_line_masked(tmp_path: Path) -> None:
    kernel = captured(tmp_path, SYSTEM).kernel
    assert (kernel.system, kernel.release) == ("Linux", "6.1.0-18-amd64")
    assert kernel.distribution == "Debian GNU/Linux 12 (bookworm)"
    assert kernel.mitigations == ("meltdown: Not affected", "spectre_v2: Mitigation: Retpolines")
    assert (kernel.aslr, kernel.perf_event_paranoid, kernel.uptime_s) == (2, 3, 12345.67)
    assert "hunter2" not in (kernel.command_line or "")
    assert "root=UUID=550e8400-e29b-41d4-a716-446655440000" in (kernel.command_line or "")


def test_load_pressure_and_stolen_time_are_shares(tmp_path: Path) -> None:
    environment = captured(tmp_path, SYSTEM)
    load = environment.load
    assert (load.load_1m, load.load_5m, load.load_15m, load.tasks) == (0.5, 0.75, 1.25, 321)
    assert (load.cpu_pressure, load.memory_pressure, load.io_pressure) == (0.125, 0.0, None)
    assert load.steal == 0.1
    assert "psi=1" in reason(environment, "/load/io_pressure")


def test_the_hottest_sensor_of_the_processor_is_not_that_of_the_disk(tmp_path: Path) -> None:
    load = captured(tmp_path, SENSORS).load
    assert load.temperature_c == 62.5
    assert [(sensor.name, sensor.temperature_c, sensor.critical_c) for sensor in load.sensors or ()] == [
        ("coretemp Package id 0", 61.0, 100.0),
        ("nvme temp1", 80.85, None),
        ("thermal_zone0 x86_pkg_temp", 62.5, 105.0),
    ]


def test_the_host_is_told_apart_without_being_named(tmp_path: Path) -> None:
    assert captured(tmp_path, SYSTEM).hostname_sha256 == hashlib.sha256(b"worker-7").hexdigest()
