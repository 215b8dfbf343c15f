from __future__ import annotations

import numpy as np
import pytest

from assay.stats.changes import change_points


def test_a_moved_level_is_found_where_it_moved() -> None:
    random = np.random.default_rng(1)
    series = np.concatenate([random.normal(10, 0.1, 15), random.normal(11, 0.1, 12)])
    [point] = change_points(series.tolist())
    assert point.index == 15
    assert point.before == pytest.approx(10, abs=0.1)
    assert point.after == pytest.approx(11, abs=0.1)
    assert point.p_value <= 0.01


def test_several_levels_are_found_in_order() -> None:
    random = np.random.default_rng(2)
    series = np.concatenate([random.normal(mean, 0.1, 20) for mean in (10, 12, 11)])
    points = change_points(series.tolist())
    assert [abs(point.index - true) <= 1 for point, true in zip(points, (20, 40), strict=True)] == [True, True]
    assert points[0].after == pytest.approx(12, abs=0.1)


def test_one_outlier_is_no_change() -> None:
    series = [10.0 + 0.01 * (number % 3) for number in range(20)]
    series[10] = 99.0
    assert change_points(series) == ()


@pytest.mark.parametrize("series", [[], [1.0] * 5, [1.0] * 30, [1.0, 2.0, 3.0]])
def test_too_few_numbers_and_equal_ones_hold_no_change(series: list[float]) -> None:
    assert change_points(series) == ()


def test_numbers_in_random_order_hold_a_change_about_as_rarely_as_the_level_says() -> None:
    random = np.random.default_rng(3)
    found = sum(bool(change_points(random.standard_cauchy(24).tolist(), level=0.05)) for _ in range(200))
    # 200 draws at 5 %: more than 20 happen once in a thousand times
    assert found <= 20
