from __future__ import annotations

import numpy as np
import pytest

from assay.observe.energy.counter import Estimate, Unusable
from assay.observe.energy.meter import Sensor
from assay.observe.energy.power import energy_of as integrated
from assay.observe.energy.power import restlessness
from tests.observe.energy.readings import ORIGIN_S, energy_of, moments, power, series

SECOND = Sensor(period_s=0.1, window_s=1.0, quantum=0.001)
QUICK = Sensor(period_s=0.02, window_s=0.02, quantum=0.001)


def between(*told: object) -> Estimate:
    found = integrated(*told)  # type: ignore[arg-type]
    assert isinstance(found, Estimate)
    return found


@pytest.mark.parametrize("length", [1.0, 4.0])
def test_an_average_of_a_second_gives_the_energy_of_a_window_between_idle_times(length: float) -> None:
    energy = energy_of(40.0, (0.0, length, 250.0))
    told = power(energy, moments(-4.0, length + 4.0), 0.1, 1.0)
    found = between(told, SECOND, ORIGIN_S, ORIGIN_S + length)
    truth = energy(length) - energy(0.0)
    assert found.value == pytest.approx(truth, rel=0.03)
    assert abs(found.value - truth) <= found.half_width


def test_power_that_goes_on_before_and_after_the_window_is_not_added_to_it() -> None:
    energy = energy_of(40.0, (-9.0, 9.0, 250.0))
    found = between(power(energy, moments(-4.0, 7.0), 0.1, 1.0), SECOND, ORIGIN_S, ORIGIN_S + 3.0)
    assert found.value == pytest.approx(870.0, rel=1e-6)


def test_readings_that_end_with_the_window_do_not_tell_what_is_still_to_come() -> None:
    energy = energy_of(40.0, (0.0, 3.0, 250.0))
    found = integrated(power(energy, moments(-4.0, 3.1), 0.1, 1.0), SECOND, ORIGIN_S, ORIGIN_S + 3.0)
    assert isinstance(found, Unusable)


def test_a_long_silence_makes_the_energy_unknown() -> None:
    energy = energy_of(40.0)
    at_s = moments(-4.0, 8.0)
    kept = at_s[(at_s < 1.0) | (at_s > 3.0)]
    found = integrated(power(energy, kept), QUICK, ORIGIN_S, ORIGIN_S + 4.0)
    assert isinstance(found, Unusable)
    assert "not read for 2." in found.reason


def test_a_sensor_that_sees_pulses_in_part_is_unsure_of_them() -> None:
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(60):
        loads = [(start, start + 0.03, 300.0) for start in np.arange(0.0, 3.0, 0.1).tolist()]
        energy = energy_of(40.0, *loads)
        at_s = np.arange(-2.0, 5.0, 0.02) + rng.uniform(0.0, 0.019, 350)
        found = between(power(energy, at_s), QUICK, ORIGIN_S, ORIGIN_S + 3.0)
        held += abs(found.value - (energy(3.0) - energy(0.0))) <= found.half_width
    assert held >= 55


def test_restlessness_is_told_by_quick_sensors_alone() -> None:
    loads = [(start, start + 0.05, 300.0) for start in np.arange(0.0, 3.0, 0.1).tolist()]
    at_s = moments(-2.0, 5.0)
    pulses = power(energy_of(40.0, *loads), at_s)
    assert (restlessness(pulses, QUICK, ORIGIN_S, ORIGIN_S + 3.0) or 0.0) > 0.5
    steady = power(energy_of(40.0, (0.0, 3.0, 300.0)), at_s)
    assert restlessness(steady, QUICK, ORIGIN_S, ORIGIN_S + 3.0) == pytest.approx(0.0, abs=0.02)
    assert restlessness(steady, SECOND, ORIGIN_S, ORIGIN_S + 3.0) is None
    assert restlessness(series([], []), QUICK, ORIGIN_S, ORIGIN_S + 3.0) is None
