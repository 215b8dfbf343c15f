"""Accounts of a device, its idle power, its throttling, and the sampler that feeds them."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from assay.observe.energy.account import Ledger
from assay.observe.energy.baseline import Span, idle_power
from assay.observe.energy.counter import Estimate, Unusable
from assay.observe.energy.meter import Answer, Channel, Fault, MeteredDevice, Quantity, Sensor, Wanted
from assay.observe.energy.processor import Holds
from assay.observe.energy.sampler import Metered, Sampler
from assay.observe.energy.series import Series
from assay.observe.energy.session import Meters
from assay.observe.energy.throttle import flags_of, slowed
from assay.record.base import Derived, Measured, Missing
from assay.record.enums import DeviceKind, EnergyMethod
from tests.observe.energy.readings import Energy, counter, energy_of, metered, moments, ns, power, series

COUNTER = Sensor(quantum=0.001)
QUICK = Sensor(period_s=0.02, window_s=0.02, quantum=0.001, tolerance_share=0.05)
BEFORE, AFTER = Span(ns(-2.5), ns(-0.3)), Span(ns(4.2), ns(6.4))


def gpu(energy: Energy, gain: float = 1.0, length: float = 3.0) -> Metered:
    """A device with a counter, a quick sensor of power and a share of use."""
    at_s = moments(-3.0, 7.0, 0.0, length)
    _, _, watts = power(energy, at_s).arrays()
    return metered(
        (Quantity.ENERGY, COUNTER, counter(energy, at_s)),
        (Quantity.POWER, QUICK, series(at_s, watts * gain)),
        names=("nvml:total_energy", "nvml:power_instant"),
    )


def test_the_counter_is_the_energy_and_the_idle_power_is_taken_off() -> None:
    account = Ledger(gpu(energy_of(60.0, (0.0, 3.0, 240.0))), BEFORE, AFTER).account(ns(0.0), ns(3.0))
    window = account.window
    assert account.flags == ()
    assert (window.source, window.method) == ("nvml:total_energy", EnergyMethod.COUNTER)
    assert window.period_s == pytest.approx(0.1, rel=0.02)
    assert isinstance(window.raw_j, Measured)
    assert window.raw_j.value == pytest.approx(900.0, rel=0.005)
    assert isinstance(window.baseline_w, Measured)
    assert window.baseline_w.value == pytest.approx(60.0, rel=0.01)
    assert isinstance(window.adjusted_j, Derived)
    assert window.adjusted_j.value == pytest.approx(720.0, rel=0.01)
    assert isinstance(window.uncertainty_j, Derived)
    assert 0.0 < window.uncertainty_j.value < 30.0


@pytest.mark.parametrize(("gain", "flagged"), [(1.0, False), (0.97, False), (1.12, True), (0.8, True)])
def test_a_power_that_contradicts_the_counter_is_flagged_and_the_counter_believed(
    gain: float, *, flagged: bool
) -> None:
    account = Ledger(gpu(energy_of(60.0, (0.0, 3.0, 240.0)), gain), BEFORE, AFTER).account(ns(0.0), ns(3.0))
    assert [flag.id for flag in account.flags] == (["energy_sources_disagree"] if flagged else [])
    assert isinstance(account.window.raw_j, Measured)
    assert account.window.raw_j.value == pytest.approx(900.0, rel=0.01)


def test_without_a_usable_counter_the_power_over_time_stands_in_and_that_is_said() -> None:
    energy = energy_of(60.0, (0.0, 3.0, 240.0))
    at_s = moments(-3.0, 7.0, 0.0, 3.0)
    dead = series(at_s, np.full(len(at_s), 5.0))
    device = metered((Quantity.ENERGY, COUNTER, dead), (Quantity.POWER, QUICK, power(energy, at_s)))
    account = Ledger(device).account(ns(0.0), ns(3.0))
    assert [flag.id for flag in account.flags] == ["energy_counter_unused"]
    assert account.window.method is EnergyMethod.INTEGRATED_POWER
    assert account.window.tolerance_share == 0.05
    assert account.window.raw_j.value == pytest.approx(900.0, rel=0.03)


def test_a_device_that_tells_nothing_has_no_energy_and_never_zero() -> None:
    silent = Series()
    silent.keep(Answer(0, ns(0.0), ns(0.0), Fault("GPU is lost")))
    window = Ledger(metered((Quantity.ENERGY, COUNTER, silent))).account(ns(0.0), ns(3.0)).window
    for quantity in (window.raw_j, window.adjusted_j, window.uncertainty_j):
        assert isinstance(quantity, Missing)
    assert "GPU is lost" in str(window.raw_j)


@pytest.mark.parametrize(
    ("loads", "reason"),
    [
        ([(-1.5, -1.0, 90.0)], "before it was rejected: the power moved"),
        ([(5.0, 5.4, 90.0)], "after it was rejected: the power moved"),
        ([(4.0, 9.0, 30.0)], "W before and 89"),
    ],
)
def test_an_idle_power_with_somebody_else_in_it_is_rejected(
    loads: list[tuple[float, float, float]], reason: str
) -> None:
    found = idle_power(gpu(energy_of(60.0, (0.0, 3.0, 240.0), *loads)), BEFORE, AFTER)
    assert isinstance(found, Unusable)
    assert reason in found.reason


def test_a_device_or_a_machine_in_use_is_not_idle() -> None:
    energy = energy_of(60.0, (0.0, 3.0, 240.0))
    at_s = moments(-3.0, 7.0, 0.0, 3.0)
    used = metered(
        (Quantity.ENERGY, COUNTER, counter(energy, at_s)),
        (Quantity.BUSY, Sensor(), series(at_s, np.full(len(at_s), 0.3))),
    )
    found = idle_power(used, BEFORE, AFTER)
    assert isinstance(found, Unusable)
    assert "30% busy" in found.reason
    assert isinstance(idle_power(gpu(energy), BEFORE._replace(machine_busy_share=0.9), AFTER), Estimate)


def test_one_baseline_is_no_baseline() -> None:
    found = idle_power(gpu(energy_of(60.0, (0.0, 3.0, 240.0))), BEFORE, None)
    assert isinstance(found, Unusable)
    assert "after" in found.reason


def test_every_pulse_of_thirty_milliseconds_is_counted_between_looks() -> None:
    pulses = [(start, start + 0.03, 1.0) for start in np.arange(0.2, 2.9, 0.37).tolist()]
    held = energy_of(0.0, *pulses)
    at_s = moments(-1.0, 4.0, 0.0, 3.0)
    bits = [0x40 if moment >= 0.2 else 0 for moment in at_s.tolist()]
    device = metered(
        (Quantity.SLOWED, Sensor(), series(at_s, [held(moment) for moment in at_s.tolist()])),
        (Quantity.REASONS, Sensor(), series(at_s, bits)),
        names=("hw_thermal_slowdown", "bits"),
    )
    (entry,) = slowed(device, ns(0.0), ns(3.0))
    assert entry.seconds == pytest.approx(0.03 * len(pulses), abs=1e-6)
    assert entry.counted
    (flag,) = flags_of((entry,), 3.0)
    assert flag.id == "throttled_hw_thermal_slowdown"


def test_bits_stand_for_the_time_between_looks_and_benign_ones_raise_no_flag() -> None:
    at_s = np.arange(0.01, 3.0, 0.02)
    bits = [0x1 | 0x2 | 0x100 | (0x4 if 1.0 <= moment < 1.5 else 0) for moment in at_s.tolist()]
    entries = slowed(metered((Quantity.REASONS, Sensor(), series(at_s, bits))), ns(0.0), ns(3.0))
    seconds = {entry.reason: entry.seconds for entry in entries}
    assert seconds["sw_power_cap"] == pytest.approx(0.5, abs=0.03)
    assert seconds["gpu_idle"] == pytest.approx(3.0)
    assert [flag.id for flag in flags_of(entries, 3.0)] == ["throttled_sw_power_cap"]


class Slow:
    """A reader that sleeps through several of its slots once."""

    channels = (Channel(name="one", quantity=Quantity.POWER),)
    device = MeteredDevice(id="slow", kind=DeviceKind.OTHER, name="slow", metric="cpu_energy_j")
    interval_s, tail_s = 0.01, 0.0

    def __init__(self) -> None:
        self.reads = 0
        self.closed = False

    def read(self, *, full: bool = True) -> list[Answer]:  # noqa: ARG002 -- the interface's
        self.reads += 1
        if self.reads == 5:
            time.sleep(0.2)
        now_ns = time.perf_counter_ns()
        return [Answer(0, now_ns, now_ns, Fault("busy") if self.reads == 7 else 1.0)]

    def close(self) -> None:
        self.closed = True


def test_slots_that_were_missed_are_a_gap_and_faults_are_counted() -> None:
    reader = Slow()
    sampler = Sampler([reader])
    sampler.start()
    while reader.reads < 12:
        time.sleep(0.01)
    sampler.stop()
    assert reader.closed
    (series_,) = sampler.metered[0].series
    assert len(series_) == reader.reads - 1
    assert (series_.faults, series_.why()) == (1, "busy")
    assert any(gap.device == "slow" and gap.end_ns - gap.start_ns > 100_000_000 for gap in sampler.gaps)
    spent_s, passed_s = sampler.cost()
    assert 0.0 < spent_s < passed_s


def test_meters_that_find_nothing_say_why_and_let_everything_go_on(tmp_path: Path) -> None:
    with Meters(["rapl", "hwmon"], Wanted(root=tmp_path)) as meters:
        meters.before()
        meters.after()
    assert meters.metered == ()
    assert "rapl: " in meters.why_none()
    assert "hwmon: " in meters.why_none()


def test_heat_that_held_the_processors_down_is_told_once_for_a_package(tmp_path: Path) -> None:
    files = [tmp_path / f"sys/devices/system/cpu/cpu{n}/thermal_throttle" for n in range(2)]
    for folder in files:
        folder.mkdir(parents=True)
        (folder / "package_throttle_total_time_ms").write_text("100\n", encoding="utf-8")
    holds = Holds(tmp_path)
    for folder in files:
        (folder / "package_throttle_total_time_ms").write_text("350\n", encoding="utf-8")
    metrics, flags = holds.since()
    told = {metric.name: metric.value.value for metric in metrics}
    assert told == {"throttled_thermal_s": pytest.approx(0.25), "throttled_cgroup_s": None}
    assert [flag.id for flag in flags] == ["throttled_thermal"]
