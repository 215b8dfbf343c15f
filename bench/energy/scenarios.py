"""What the simulated GPUs do: each scenario is one way in which a measurement of energy can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.driver.scenario import MS, Scenario

FULL: dict[str, Any] = {
    "counter_period_ns": 100 * MS,
    "instant_period_ns": 20 * MS,
    "instant_window_ns": 20 * MS,
    "average_period_ns": 100 * MS,
    "average_window_ns": 1000 * MS,
}
NEVER = ("nvmlDeviceGetTotalEnergyConsumption",)
FIELDS = (74, 75, 76, 77, 78, 79, 80, 269, 270, 271)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One scenario and what must come of it."""

    name: str
    prepare: Callable[[Scenario], None]
    """Adds devices and what happens to them."""
    load: tuple[str, ...] = ("3", "250")
    """Seconds, watts, device, period and pulse of the target."""
    variables: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    """Functions that the library lacks."""
    devices: tuple[int, ...] = (0,)
    """Devices that must be measured, and no others."""
    limit: float = 0.01
    """Largest error of the raw energy."""
    flags: tuple[str, ...] = ()
    """Flags that must be there; no other that is a warning may."""
    allowed: tuple[str, ...] = ()
    """Flags that may be there."""
    adjusted: bool = True
    """Whether there is an energy above the baseline; where not, it must be unknown."""
    known: bool = True
    """Whether the energy is known at all."""


def _plain(**settings: Any) -> Callable[[Scenario], None]:
    def prepare(scenario: Scenario) -> None:
        scenario.device(0, **{**FULL, **settings})

    return prepare


def _no_counter(**settings: Any) -> Callable[[Scenario], None]:
    def prepare(scenario: Scenario) -> None:
        _plain(**settings)(scenario)
        scenario.fail("nvmlDeviceGetTotalEnergyConsumption", 3)
        scenario.field(0, 83)

    return prepare


def _pair(**settings: Any) -> Callable[[Scenario], None]:
    def prepare(scenario: Scenario) -> None:
        _plain(**settings)(scenario)
        scenario.device(1, idle_w=35.0, **FULL)

    return prepare


def _instances(scenario: Scenario) -> None:
    scenario.device(0, instances=("MIG-aaaa", "MIG-bbbb"), **FULL)


def _without_fields(scenario: Scenario) -> None:
    _plain(usage="instant", arch=5)(scenario)
    for number in (185, 186, *FIELDS):
        scenario.field(0, number)


def _disturbed(scenario: Scenario) -> None:
    _plain()(scenario)
    start_ns = scenario.begun_ns
    for second in range(60):
        scenario.load(0, start_ns + second * 1700 * MS, start_ns + (second * 1700 + 900) * MS, 80.0)


def _reset(scenario: Scenario) -> None:
    _plain(counter_start_mj=123_456_789)(scenario)
    for number in range(40):
        scenario.reset(0, scenario.begun_ns + (1300 + 3000 * number) * MS)


def _lost(scenario: Scenario) -> None:
    _plain()(scenario)
    for function in ("nvmlDeviceGetTotalEnergyConsumption", "nvmlDeviceGetFieldValues", "nvmlDeviceGetPowerUsage"):
        scenario.fail(function, 15, since=scenario.begun_ns + 6500 * MS)


def _pulses(scenario: Scenario) -> None:
    _plain()(scenario)
    for number in range(400):
        at_ns = scenario.begun_ns + number * 370 * MS
        scenario.reason(0, 0x4 if number % 2 else 0x40, at_ns, at_ns + 30 * MS)


def _benign(scenario: Scenario) -> None:
    _plain()(scenario)
    scenario.reason(0, 0x1 | 0x2 | 0x100, scenario.begun_ns, scenario.begun_ns + 10**12)


def _pulses_by_bits(scenario: Scenario) -> None:
    _pulses(scenario)
    for number in FIELDS:
        scenario.field(0, number)


THROTTLED = ("throttled_sw_power_cap", "throttled_hw_thermal_slowdown")

CASES: tuple[Case, ...] = (
    Case(name="counter of 100 ms", prepare=_plain()),
    Case(name="counter of 20 ms", prepare=_plain(counter_period_ns=20 * MS)),
    Case(name="counter of 1 ms", prepare=_plain(counter_period_ns=MS)),
    Case(name="counter with jitter", prepare=_plain(counter_jitter_ns=8 * MS)),
    Case(name="sensor in phase with pulses", prepare=_plain(instant_period_ns=100 * MS, instant_window_ns=25 * MS),
         load=("3", "300", "0", "100", "25"), allowed=("energy_sources_disagree",)),
    Case(name="pulses of 35 ms", prepare=_plain(), load=("3", "300", "0", "83", "35")),
    Case(name="sensor 12 % off", prepare=_plain(gain=1.12), flags=("energy_sources_disagree",)),
    Case(name="counter reset", prepare=_reset, flags=("energy_counter_reset",), limit=0.02),
    Case(name="device lost", prepare=_lost, known=False, adjusted=False),
    Case(name="power of 1 s only", prepare=_no_counter(), limit=0.03),
    Case(name="instant power only", prepare=_no_counter(usage="instant", arch=5), without=("nvmlDeviceGetFieldValues",),
         limit=0.03),
    Case(name="no fields, Volta", prepare=_without_fields),
    Case(name="noisy idle power", prepare=_plain(noise_w=2.0)),
    Case(name="two GPUs", prepare=_pair(), devices=(0, 1)),
    Case(name="second GPU by index", prepare=_pair(), devices=(1,), load=("3", "250", "1"),
         variables={"CUDA_VISIBLE_DEVICES": "1"}),
    Case(name="second GPU by UUID", prepare=_pair(), devices=(1,), load=("3", "250", "1"),
         variables={"CUDA_VISIBLE_DEVICES": "GPU-00000000-0000-0000-0000-000000000001"}),
    Case(name="MIG instance", prepare=_instances, variables={"CUDA_VISIBLE_DEVICES": "MIG-bbbb"},
         flags=("mig_parent_energy",)),
    Case(name="somebody else runs", prepare=_disturbed, adjusted=False),
    Case(name="throttled for 30 ms", prepare=_pulses, flags=THROTTLED),
    Case(name="throttled, bits only", prepare=_pulses_by_bits, flags=THROTTLED,
         without=("nvmlDeviceGetViolationStatus",)),
    Case(name="benign reasons", prepare=_benign),
    Case(name="no functions at all", prepare=_plain(), known=False, adjusted=False,
         without=("nvmlDeviceGetTotalEnergyConsumption", "nvmlDeviceGetFieldValues", "nvmlDeviceGetPowerUsage")),
)  # fmt: skip
"""Every scenario."""
