"""Commands as they must be typed here."""

from __future__ import annotations

from pathlib import Path

from assay.observe.doctor.advice import container_flag, install, on_host, on_metal
from tests.observe.doctor.hosts import make_surroundings
from tests.observe.environment.machines import INTEL


def test_a_user_needs_sudo_and_root_does_not(tmp_path: Path) -> None:
    assert on_host(make_surroundings(tmp_path), "sudo x") == "sudo x"
    assert on_host(make_surroundings(tmp_path, is_root=lambda: True), "sudo x | sudo tee y") == "x | tee y"


def test_root_of_a_container_is_not_root_of_its_host(tmp_path: Path) -> None:
    inside = make_surroundings(tmp_path, {".dockerenv": ""}, is_root=lambda: True)
    assert on_host(inside, "sudo x") == "on the host of the container: sudo x"
    assert container_flag(inside, "--flag", "sudo x").startswith("start the container with: docker run --flag …")


def test_each_family_of_distributions_has_its_own_command(tmp_path: Path) -> None:
    fedora = make_surroundings(tmp_path / "f", {"etc/os-release": "ID=fedora\n"})
    assert install(fedora, debian="a", fedora="b") == "sudo dnf install b"
    ubuntu = make_surroundings(tmp_path / "u", {"etc/os-release": "ID=ubuntu\nID_LIKE=debian\n"}, is_root=lambda: True)
    assert install(ubuntu, debian="a", fedora="b") == "apt-get install a"


def test_a_command_for_hardware_is_given_on_hardware_only(tmp_path: Path) -> None:
    guest = make_surroundings(tmp_path / "g", {"proc/cpuinfo": "flags\t: fpu hypervisor\n"})
    assert "bare metal" in on_metal(guest, "sudo x")
    assert on_metal(make_surroundings(tmp_path / "h", INTEL), "sudo x") == "sudo x"
