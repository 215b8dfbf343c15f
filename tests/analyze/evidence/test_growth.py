from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assay.analyze.evidence.growth import development, stays


def times(count: int) -> NDArray[np.int64]:
    return np.arange(count, dtype=np.int64)


def weights(present: NDArray[np.bool_]) -> NDArray[np.float64]:
    return present.astype(np.float64)


def test_a_cost_that_grows_with_time_is_told_from_one_that_does_not() -> None:
    rng = np.random.default_rng(1)
    everywhere = np.ones(2000)
    growing = rng.random(2000) < np.linspace(0.05, 0.9, 2000)
    steady = rng.random(2000) < 0.4
    found = development(times(2000), weights(growing), everywhere, 0, 2000)
    assert found.trend == pytest.approx(1.0, abs=0.06)
    assert found.ratio is not None
    assert found.ratio > 3
    flat = development(times(2000), weights(steady), everywhere, 0, 2000)
    assert flat.trend is not None
    assert flat.ratio == pytest.approx(1.0, abs=0.3)


def test_a_steady_cost_seldom_looks_like_growth() -> None:
    rng = np.random.default_rng(2)
    trends = []
    for _ in range(300):
        found = development(times(500), weights(rng.random(500) < 0.5), np.ones(500), 0, 500)
        trends.append(found.trend or 0.0)
    assert np.mean(np.array(trends) > 0.9) < 0.01


def test_a_handful_of_samples_says_nothing() -> None:
    here = np.zeros(200)
    here[:20] = 1
    assert development(times(200), here, np.ones(200), 0, 200).trend is None


def test_stays_are_unbroken_sequences_of_one_thread() -> None:
    present = np.array([1, 1, 0, 1, 1, 1], dtype=bool)
    breaks = np.array([1, 0, 0, 0, 1, 0], dtype=bool)
    found = stays(present, np.full(6, 0.01), breaks)
    assert found.visits == 3
    assert found.mean_s == pytest.approx(0.05 / 3)
    assert stays(np.zeros(6, dtype=bool), np.ones(6), breaks).mean_s == 0.0
