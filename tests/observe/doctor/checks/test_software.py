"""Assay's own parts, thread pools and the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.observe.doctor.instruments import Space
from assay.vgpu import CoreInfo
from tests.observe.doctor.checks.looking import finding
from tests.observe.environment.machines import CGROUP_V2, INTEL, SYSTEM

MOUNTS = {
    "proc/self/mountinfo": "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
    "23 22 0:1 / /home rw - nfs4 server:/home rw\n"
    "24 23 0:2 / /home/me/fast rw - xfs /dev/nvme rw\n"
}


@pytest.mark.parametrize(
    ("location", "kind", "state"),
    [
        ("/var/assay", "ext4", "ok"),
        ("/home/me/assay", "nfs4", "degraded"),
        ("/home/me/fast/assay", "xfs", "ok"),
        ("/homestead", "ext4", "ok"),
    ],
)
def test_the_store_lies_on_the_nearest_mount(tmp_path: Path, location: str, kind: str, state: str) -> None:
    found = finding("store", tmp_path, MOUNTS, store_location=lambda: location)
    assert (found.state, f": {kind}, " in found.found) == (state, True)


def test_a_store_that_can_not_be_written_says_how_to_choose_another(tmp_path: Path) -> None:
    found = finding("store", tmp_path, space_at=lambda _: Space(writable=False, free_bytes=2**40))
    assert "export ASSAY_STORE=" in (found.enable or "")


def test_the_core_in_use_and_its_instructions_are_named(tmp_path: Path) -> None:
    assert finding("native_core", tmp_path).found == "native core, avx2 kernels, built by gcc 12.2.0"


def test_a_python_core_says_why_and_which_compiler_to_install(tmp_path: Path) -> None:
    core = CoreInfo(core="python", isa="", isas=(), features=(), compiler=None, reason="no compiler was found")
    fedora = {"etc/os-release": 'ID="rocky"\nID_LIKE="rhel centos fedora"\n'}
    found = finding("native_core", tmp_path, fedora, core=lambda: core)
    assert found.reason == "no compiler was found"
    assert (found.enable or "").startswith("sudo dnf install gcc-c++")


def test_threads_that_outnumber_the_usable_cores_are_named(tmp_path: Path) -> None:
    found = finding("thread_conflicts", tmp_path, INTEL, SYSTEM, environ={"MKL_NUM_THREADS": "64"})
    assert found.reason == "MKL_NUM_THREADS asks for 64 threads, but 4 cores are usable"
    assert found.enable == "export OMP_NUM_THREADS=4 OPENBLAS_NUM_THREADS=4"


def test_a_quota_that_libraries_do_not_see_is_a_conflict(tmp_path: Path) -> None:
    found = finding("thread_conflicts", tmp_path, INTEL, SYSTEM, CGROUP_V2)
    assert found.reason == "no thread count is set, and libraries will start 4 threads for 1.5 cores' time"
    assert found.enable == "export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1"


def test_two_openmp_runtimes_in_one_process_are_a_conflict(tmp_path: Path) -> None:
    maps = {"proc/self/maps": "1-2 r-xp 0 08:01 1  /a/libgomp.so.1\n3-4 r-xp 0 08:01 2  /b/libiomp5.so\n"}
    assert finding("thread_conflicts", tmp_path, INTEL, maps).reason == "several OpenMP runtimes are loaded: gomp, iomp"


def test_a_browser_is_installed_by_the_distributions_manager(tmp_path: Path) -> None:
    assert finding("browser", tmp_path, program=lambda _: None).enable == "sudo apt-get install chromium"
