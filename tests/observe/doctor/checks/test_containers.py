"""Container engines and the limits around this process."""

from __future__ import annotations

import errno
from pathlib import Path

from tests.observe.doctor.checks.looking import finding
from tests.observe.doctor.hosts import refuse
from tests.observe.environment.machines import CGROUP_V1_IN_DOCKER, CGROUP_V2, INTEL


def test_limits_are_told_in_cores_and_gibibytes(tmp_path: Path) -> None:
    found = finding("limits", tmp_path, INTEL, CGROUP_V2).found
    assert "control groups version 2; processor time: 1.5 cores, throttled 0.0 s so far; memory: 8.0 GiB" in found


def test_a_group_that_was_stopped_says_how_often(tmp_path: Path) -> None:
    stopped = finding("limits", tmp_path, INTEL, CGROUP_V1_IN_DOCKER)
    assert stopped.reason == "the group has been stopped in 2 periods for having used up its time"


def test_the_socket_that_the_user_names_is_the_one_that_is_tried(tmp_path: Path) -> None:
    tried: list[str] = []

    def note(place: str) -> None:
        tried.append(place)

    found = finding("docker", tmp_path, environ={"DOCKER_HOST": "unix:///my.sock"}, connect=note)
    assert (found.state, tried) == ("ok", ["/my.sock"])


def test_an_engine_over_a_network_is_not_contacted(tmp_path: Path) -> None:
    def fail(place: str) -> None:
        raise AssertionError(place)

    found = finding("docker", tmp_path, environ={"DOCKER_HOST": "tcp://10.0.0.1:2375"}, connect=fail)
    assert found.state == "missing"
    assert "does not contact over a network" in (found.reason or "")


def test_a_socket_without_permission_needs_a_group(tmp_path: Path) -> None:
    found = finding("docker", tmp_path, connect=lambda _: PermissionError(errno.EACCES, "Permission denied"))
    assert "usermod -aG docker" in (found.enable or "")


def test_inside_a_container_the_socket_is_mounted(tmp_path: Path) -> None:
    found = finding("docker", tmp_path, {".dockerenv": ""}, connect=lambda _: refuse(errno.ENOENT))
    assert found.enable == "start the container with: docker run -v /var/run/docker.sock:/var/run/docker.sock …"
