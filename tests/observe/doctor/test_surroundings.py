"""What checks are told about the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.observe.doctor.hosts import make_surroundings
from tests.observe.environment.machines import CGROUP_V2, INTEL


@pytest.mark.parametrize(
    ("mask", "ptrace", "perf"),
    [("0", False, False), ("80000", True, False), ("4000000000", False, True), ("200000", False, True)],
)
def test_capabilities_are_read_off_their_mask(tmp_path: Path, mask: str, ptrace: bool, perf: bool) -> None:
    seen = make_surroundings(tmp_path, {"proc/self/status": f"CapEff:\t{mask}\n"})
    assert (seen.may("ptrace"), seen.may("perf")) == (ptrace, perf)


def test_without_a_status_nothing_is_permitted(tmp_path: Path) -> None:
    assert not make_surroundings(tmp_path).may("ptrace")


def test_usable_cores_are_the_least_of_affinity_and_quota(tmp_path: Path) -> None:
    assert make_surroundings(tmp_path / "a", INTEL).usable_cores == 4
    assert make_surroundings(tmp_path / "b", INTEL, CGROUP_V2).usable_cores == 1.5
    assert make_surroundings(tmp_path / "c").usable_cores is None


def test_the_reason_of_a_null_is_that_of_the_environment(tmp_path: Path) -> None:
    seen = make_surroundings(tmp_path)
    assert seen.why("/rapl") == "/sys/class/powercap does not exist"
    assert seen.why("/no/such/field") == "it is not stated"
