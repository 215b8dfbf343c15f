"""What disturbs a measurement."""

from __future__ import annotations

from pathlib import Path

from tests.observe.doctor.checks.looking import finding
from tests.observe.environment.machines import INTEL, SYSTEM


def test_what_is_short_is_named(tmp_path: Path) -> None:
    found = finding("pressure", tmp_path, SYSTEM)
    assert found.found == "processors 12.5%, memory 0.0% of the last 10 s"
    assert found.reason == "work is waiting for processors"


def test_a_kernel_that_measures_no_pressure_is_told_how_to(tmp_path: Path) -> None:
    assert "psi=1" in (finding("pressure", tmp_path).enable or "")


def test_stolen_time_is_told_as_a_share(tmp_path: Path) -> None:
    assert finding("steal", tmp_path, SYSTEM).found == "10.00% of the time since boot"


def test_load_is_judged_by_the_number_of_processors(tmp_path: Path) -> None:
    busy = {"proc/loadavg": "1.50 1.00 1.00 2/321 4567\n"}
    assert finding("load", tmp_path / "four", INTEL, busy).state == "ok"
    assert finding("load", tmp_path / "one", INTEL, busy, {"sys/devices/system/cpu/online": "0"}).state == "degraded"


def test_swapped_memory_is_told_in_mebibytes(tmp_path: Path) -> None:
    meminfo = {"proc/meminfo": "SwapTotal: 2097152 kB\nSwapFree: 1048576 kB\n"}
    assert finding("swap", tmp_path, meminfo).found == "1024 of 2048 MiB in use"
