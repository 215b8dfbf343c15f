"""Where a process's groups lie, in namespaces, hybrids and broken mounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.observe.environment import cgroups
from assay.observe.environment.facts import Unknown
from tests.observe.environment.machines import CGROUP_V1_IN_DOCKER, CGROUP_V2, GROUP, MOUNT_V2, Files, make_machine


def group(root: Path, controller: str, *parts: Files) -> cgroups.Group:
    found = cgroups.group_of(make_machine(root, *parts), controller)
    assert isinstance(found, cgroups.Group)
    return found


def test_levels_run_from_the_own_group_to_the_top(tmp_path: Path) -> None:
    found = group(tmp_path, "memory", CGROUP_V2)
    top = "/sys/fs/cgroup"
    assert found.levels == (f"{top}/user.slice/app.scope", f"{top}/user.slice", top)


def test_in_a_namespace_the_group_is_the_top(tmp_path: Path) -> None:
    files = {"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": MOUNT_V2, f"{GROUP}/cpu.max": "100000 100000"}
    sources = make_machine(tmp_path, files)
    found = cgroups.group_of(sources, "cpu")
    assert isinstance(found, cgroups.Group)
    assert found.levels == ("/sys/fs/cgroup",)
    assert cgroups.cpu_quota_cores(sources, found) == 1.0


def test_a_mounted_part_of_the_tree_is_subtracted_from_the_path(tmp_path: Path) -> None:
    found = group(tmp_path, "cpu", CGROUP_V1_IN_DOCKER)
    assert found.levels == ("/sys/fs/cgroup/cpu,cpuacct/inner", "/sys/fs/cgroup/cpu,cpuacct")


@pytest.mark.parametrize("path", ["/elsewhere/x", "/../../escape", "/docker/abcdef"])
def test_a_group_outside_of_what_is_mounted_falls_back_to_the_mount(tmp_path: Path, path: str) -> None:
    membership = {"proc/self/cgroup": f"4:cpu,cpuacct:{path}\n"}
    found = group(tmp_path, "cpu", CGROUP_V1_IN_DOCKER, membership)
    assert found.levels == ("/sys/fs/cgroup/cpu,cpuacct",)


def test_in_a_hybrid_each_controller_is_looked_up_on_its_own(tmp_path: Path) -> None:
    mounts = "33 31 0:29 / /cg/memory rw - cgroup cgroup rw,memory\n30 24 0:27 / /cg/unified rw - cgroup2 cgroup2 rw\n"
    files = {"proc/self/cgroup": "3:memory:/a\n0::/b\n", "proc/self/mountinfo": mounts, "cg/unified/b/cpu.max": "max"}
    assert group(tmp_path, "memory", files).version == 1
    assert (group(tmp_path, "cpu", files).version, group(tmp_path, "cpu", files).path) == (2, "/b")


def test_blanks_in_mount_points_are_read(tmp_path: Path) -> None:
    mounts = "30 24 0:27 / /my\\040groups rw - cgroup2 cgroup2 rw\n"
    assert group(tmp_path, "cpu", {"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": mounts}).levels == (
        "/my groups",
    )


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"proc/self/cgroup": "0::/\n"},
        {"proc/self/cgroup": "nonsense", "proc/self/mountinfo": MOUNT_V2},
        {"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": "broken - cgroup2\n"},
        {"proc/self/cgroup": "2:cpuset:/\n", "proc/self/mountinfo": MOUNT_V2},
    ],
)
def test_without_groups_there_is_a_reason(tmp_path: Path, files: Files) -> None:
    found = cgroups.group_of(make_machine(tmp_path, files), "cpu")
    assert isinstance(found, Unknown)
    assert found.reason


def test_nesting_without_end_is_cut(tmp_path: Path) -> None:
    files = {"proc/self/cgroup": f"0::/{'a/' * 5000}\n", "proc/self/mountinfo": MOUNT_V2}
    assert len(group(tmp_path, "cpu", files).levels) == 1


@pytest.mark.parametrize("text", ["max", "0 0", "100000 0", "x 100000", "100000"])
def test_a_quota_that_is_none_is_unknown(tmp_path: Path, text: str) -> None:
    files = {"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": MOUNT_V2, f"{GROUP}/cpu.max": text}
    sources = make_machine(tmp_path, files)
    found = cgroups.group_of(sources, "cpu")
    assert isinstance(found, cgroups.Group)
    assert isinstance(cgroups.cpu_quota_cores(sources, found), Unknown)
