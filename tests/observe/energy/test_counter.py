from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.observe.energy.counter import Course, Direct, Estimate, Unusable, course_of, measured_period
from assay.observe.energy.meter import Sensor
from tests.observe.energy.readings import ORIGIN_S, counter, energy_of, moments, series

SENSOR = Sensor(quantum=0.001)


def between(course: Course | Direct | Unusable, start_s: float, end_s: float, restless: float = 0.0) -> Estimate:
    assert not isinstance(course, Unusable)
    energy = course.energy(start_s + ORIGIN_S, end_s + ORIGIN_S, restless)
    assert isinstance(energy, Estimate)
    return energy


@given(
    phase=st.floats(0.0, 0.1),
    watts=st.floats(10.0, 600.0),
    length=st.floats(1.0, 6.0),
    period=st.sampled_from([0.01, 0.02, 0.1]),
)
def test_a_load_between_sharp_edges_is_known_far_better_than_the_counters_period(
    phase: float, watts: float, length: float, period: float
) -> None:
    energy = energy_of(40.0, (0.0, length, watts))
    told = counter(energy, moments(-3.0, length + 3.0, 0.0, length), period, phase)
    found = between(course_of(told, SENSOR), 0.0, length)
    truth = energy(length) - energy(0.0)
    assert abs(found.value - truth) <= found.half_width
    assert found.value == pytest.approx(truth, rel=0.01)
    # an edge taken for the reading before it would be wrong by up to a period
    assert found.half_width < 2 * period * (watts + 40.0)


def test_the_parts_of_a_window_sum_to_the_window() -> None:
    energy = energy_of(50.0, (0.0, 1.2, 300.0), (1.2, 4.0, 120.0))
    course = course_of(counter(energy, moments(-3.0, 7.0, 0.0, 1.2, 4.0)), SENSOR)
    parts = [between(course, 0.0, 1.2), between(course, 1.2, 4.0)]
    assert sum(part.value for part in parts) == pytest.approx(between(course, 0.0, 4.0).value, rel=1e-9)
    assert parts[0].value == pytest.approx(350.0 * 1.2, rel=0.02)


def test_a_reset_is_bridged_by_the_power_before_it_and_widens_the_interval() -> None:
    energy = energy_of(50.0, (0.0, 5.0, 250.0))
    at_s = moments(-3.0, 8.0, 0.0, 5.0)
    whole = counter(energy, at_s)
    middle_s, _, values = whole.arrays()
    after = values - energy(2.51) * (middle_s - ORIGIN_S > 2.55)
    course = course_of(series(at_s, after), SENSOR)
    found = between(course, 0.0, 5.0)
    assert found.value == pytest.approx(1500.0, rel=0.02)
    assert abs(found.value - 1500.0) <= found.half_width
    assert isinstance(course, Course)
    assert len(course.bridges) == 1


@pytest.mark.parametrize("period_s", [None, 0.001])
def test_a_counter_that_wraps_around_goes_on(period_s: float | None) -> None:
    told = series(range(6), [90.0, 96.0, 2.0, 8.0, 99.0, 5.0])
    course = course_of(told, Sensor(period_s=period_s, wraps_at=100.0))
    assert isinstance(course, Course | Direct)
    assert course.energy_j.tolist() == [0.0, 6.0, 12.0, 18.0, 109.0, 115.0]
    assert course.bridges == ()


def test_a_counter_that_is_updated_all_the_time_is_taken_as_it_stands() -> None:
    told = series([-0.5, -0.001, 1.0, 2.0005, 2.2], [10.0, 10.0, 14.0, 17.25, 17.25])
    course = course_of(told, Sensor(period_s=0.001, quantum=1e-6))
    assert between(course, 0.0, 2.0).value == 7.25


def test_what_was_not_read_to_the_end_is_unknown_and_says_so() -> None:
    energy = energy_of(50.0, (0.0, 5.0, 250.0))
    course = course_of(counter(energy, moments(-3.0, 4.0, 0.0)), SENSOR)
    assert isinstance(course, Course)
    found = course.energy(ORIGIN_S, ORIGIN_S + 5.0)
    assert isinstance(found, Unusable)
    assert "not read for the last 1.0 s" in found.reason


def test_a_counter_that_never_moves_tells_nothing() -> None:
    found = course_of(series([0.0, 1.0, 2.0], [7.0, 7.0, 7.0]), SENSOR)
    assert isinstance(found, Unusable)


@pytest.mark.parametrize("period_s", [0.02, 0.1])
def test_the_period_is_found_from_readings_closer_than_it(period_s: float) -> None:
    energy = energy_of(60.0)
    told = counter(energy, np.arange(0.0, 1.5, 0.0021), period_s)
    at_s, _, values = told.arrays()
    assert measured_period(at_s, values) == pytest.approx(period_s, rel=0.05)
    rare = counter(energy, np.arange(0.0, 5.0, 0.25), period_s)
    assert measured_period(*rare.arrays()[::2]) is None


@pytest.mark.parametrize("period_s", [0.02, 0.1])
def test_the_interval_holds_the_truth_under_pulses_that_no_reading_resolves(period_s: float) -> None:
    rng = np.random.default_rng(7)
    held = 0
    for number in range(120):
        every, share = rng.uniform(0.02, 0.3), rng.uniform(0.2, 0.8)
        starts = np.arange(0.0, 3.0, every).tolist()
        loads = [(start, min(start + every * share, 3.0), 300.0) for start in starts]
        energy = energy_of(40.0, *loads)
        told = counter(energy, moments(-3.0, 6.0, 0.0, 3.0, seed=number), period_s, rng.uniform(0.0, period_s))
        mean_w = (energy(3.0) - energy(0.0)) / 3.0
        restless = 300.0 * float(np.sqrt(share * (1.0 - share))) / mean_w
        found = between(course_of(told, SENSOR), 0.0, 3.0, restless)
        held += abs(found.value - (energy(3.0) - energy(0.0))) <= found.half_width
    assert held >= 112, "fewer than 93 % of the intervals hold the truth"
