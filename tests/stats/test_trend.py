from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from assay.stats.trend import slope_interval, spearman, theil_sen


def test_the_rank_correlation_is_that_of_scipy_ties_included() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        values = rng.integers(0, 6, 15).astype(float)
        assert spearman(values) == pytest.approx(stats.spearmanr(values, np.arange(15)).statistic)


def test_values_that_never_change_have_no_trend() -> None:
    assert spearman([2.0, 2.0, 2.0, 2.0]) is None
    assert spearman([1.0, 2.0]) is None


def test_a_slope_is_not_moved_by_a_few_outliers() -> None:
    times = np.linspace(0, 10, 101)
    values = 3 * times + 1
    values[::10] += 500
    assert theil_sen(times, values) == pytest.approx(3.0, abs=0.2)
    assert theil_sen(np.zeros(5), np.arange(5.0)) is None


def test_a_long_series_is_thinned_and_keeps_its_slope() -> None:
    times = np.linspace(0, 100, 50_000)
    assert theil_sen(times, 2 * times) == pytest.approx(2.0)


def test_a_slope_lies_in_its_interval_about_nineteen_times_in_twenty() -> None:
    chance = np.random.default_rng(11)
    times = np.arange(60.0)
    held = 0
    for _ in range(400):
        found = slope_interval(times, 3.0 * times + chance.standard_t(3, len(times)) * 5)
        assert found is not None
        assert found.low <= found.slope <= found.high
        held += found.low <= 3.0 <= found.high
    assert 364 <= held <= 394


def test_equal_times_have_no_slope() -> None:
    assert slope_interval(np.ones(5), np.arange(5.0)) is None
