"""The simulated driver is asked through NVIDIA's own Python package, and agrees with a truth computed apart from it."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from tests.driver.scenario import LIBRARY, MS, Clock, Scenario, build

pytest.importorskip("pynvml", reason="nvidia-ml-py is not installed")

ASK = """
import pynvml as n
n.nvmlInit()
h = n.nvmlDeviceGetHandleByIndex(0)
def answer(call):
    try:
        return call()
    except n.NVMLError as error:
        return f"error {error.value}"
print(n.nvmlDeviceGetCount(), n.nvmlDeviceGetUUID(h), answer(lambda: n.nvmlDeviceGetTotalEnergyConsumption(h)),
      answer(lambda: n.nvmlDeviceGetPowerUsage(h)))
fields = answer(lambda: [(f.nvmlReturn, f.value.uiVal) for f in n.nvmlDeviceGetFieldValues(h, [186, 185, 83, 9999])])
print(fields, answer(lambda: n.nvmlDeviceGetCurrentClocksEventReasons(h)),
      answer(lambda: n.nvmlDeviceGetViolationStatus(h, 0).violationTime))
n.nvmlShutdown()
"""


def ask(tmp_path: Path, scenario: Scenario, clock: Clock, *without: str) -> list[str]:
    variables = scenario.variables(build(*without), clock)
    ran = subprocess.run([sys.executable, "-c", ASK], env=variables, capture_output=True, text=True, check=True)
    return ran.stdout.splitlines()


def test_the_library_answers_as_the_real_one_does(tmp_path: Path) -> None:
    scenario = Scenario(tmp_path / "scenario")
    start_ns = scenario.born_ns
    uuid = scenario.device(idle_w=50.0, counter_period_ns=100 * MS, counter_phase_ns=start_ns, counter_start_mj=7000)
    scenario.device(1)
    scenario.load(0, start_ns + 1000 * MS, start_ns + 3000 * MS, 200.0, pulse=(100 * MS, 50 * MS))
    scenario.reason(0, 0x4, start_ns + 2000 * MS, start_ns + 2030 * MS)
    clock = Clock(tmp_path / "clock", start_ns + 2025 * MS)
    first, second = ask(tmp_path, scenario, clock)
    shown_mj = 7000 + int(scenario.energy_j(0, start_ns, start_ns + 2000 * MS) * 1e3)
    assert first == f"2 {uuid} {shown_mj} 250000"
    fields = [(0, 250000), (0, 150000), (0, shown_mj), (3, 0)]
    assert second == f"{fields} 4 {25 * MS}"


def test_functions_can_be_missing_and_calls_can_fail(tmp_path: Path) -> None:
    scenario = Scenario(tmp_path / "scenario")
    scenario.device()
    scenario.fail("nvmlDeviceGetTotalEnergyConsumption", 15)
    clock = Clock(tmp_path / "clock", scenario.born_ns + 1000 * MS)
    first, second = ask(tmp_path, scenario, clock, "nvmlDeviceGetFieldValues")
    assert " error 15 " in first
    assert second.startswith("error 13 ")


def test_the_library_and_the_truth_agree_and_the_truth_is_written_down(tmp_path: Path) -> None:
    scenario = Scenario(tmp_path / "scenario")
    start_ns = scenario.born_ns
    scenario.device(idle_w=33.0)
    for index in range(7):
        begin_ns, end_ns = start_ns + index * 311 * MS, start_ns + (index + 4) * 457 * MS
        scenario.load(0, begin_ns, end_ns, 10.0 + index, pulse=(70 * MS, 13 * MS))
    clock = Clock(tmp_path / "clock", start_ns + 2901 * MS)
    ask(tmp_path, scenario, clock)
    number, _, at_ns, energy_j = (tmp_path / "scenario.truth").read_text(encoding="utf-8").split()
    assert (number, int(at_ns)) == ("0", clock.now_ns)
    assert float(energy_j) == pytest.approx(scenario.energy_j(0, start_ns, clock.now_ns), rel=1e-9)


def test_the_library_loads_without_any_device() -> None:
    library = ctypes.CDLL(str(build() / LIBRARY))
    assert library.nvmlDeviceGetCount_v2(ctypes.byref(ctypes.c_uint())) == 1, "it says that it was not started"
