"""Clocks: what is told about them."""

from __future__ import annotations

from pathlib import Path

from assay.observe.doctor.instruments import ClockReading
from tests.observe.doctor.checks.looking import finding
from tests.observe.environment.machines import INTEL


def test_the_measured_resolution_and_cost_are_told(tmp_path: Path) -> None:
    found = finding("timers", tmp_path, read_clock=lambda name: ClockReading(step_ns=len(name), cost_ns=70)).found
    assert "monotonic clock: steps of 9 ns, 70 ns a reading" in found
    assert "thread's processor clock: steps of 6 ns" in found


def test_a_coarse_clock_says_which_durations_are_lost(tmp_path: Path) -> None:
    coarse = finding("timers", tmp_path, read_clock=lambda _: ClockReading(step_ns=4_000_000, cost_ns=900))
    assert coarse.lost == "durations below 40000 µs are not to be trusted"


def test_a_processor_without_an_invariant_counter_names_the_flags_it_lacks(tmp_path: Path) -> None:
    found = finding("tsc", tmp_path, INTEL, {"proc/cpuinfo": "flags\t: fpu tsc constant_tsc\n"})
    assert found.found == "clock source tsc; flags missing: nonstop_tsc"


def test_an_arm_timer_is_even_by_design(tmp_path: Path) -> None:
    clock = {"sys/devices/system/clocksource/clocksource0/current_clocksource": "arch_sys_counter"}
    assert finding("tsc", tmp_path, {"proc/cpuinfo": "Features\t: asimd\n"}, clock).state == "ok"
