from __future__ import annotations

import numpy as np
import pytest

from assay.stats.steady import FEWEST, Settling, settled_by_variation, steady_state
from bench.stats.series import SHAPES, labelled_series
from bench.stats.steady import is_right


def noisy(level: np.ndarray, seed: int = 1, spread: float = 0.01) -> list[float]:
    rng = np.random.default_rng(seed)
    values: list[float] = (10.0 * level * np.exp(spread * rng.normal(size=len(level)))).tolist()
    return values


def test_at_least_95_of_100_labelled_series_are_judged_right_and_90_of_the_restless_ones() -> None:
    series = list(labelled_series(seed=1))
    assert len(series) == 240
    assert sum(map(is_right, series)) / 240 >= 0.95
    restless = [one for one in series if one.settling is Settling.NEVER]
    seen = sum(steady_state(one.values).settling is Settling.NEVER for one in restless)
    assert seen / len(restless) >= 0.90
    assert {one.settling for one in series} == {settling for _, settling in SHAPES.values()}


def test_a_warm_up_ends_where_it_ends() -> None:
    found = steady_state(noisy(np.where(np.arange(60) < 17, 1.5, 1.0)))
    assert (found.settling, found.start) == (Settling.STEADY, 17)
    assert found.level == pytest.approx(10.0, rel=0.02)
    assert not found.reason


@pytest.mark.parametrize(
    ("level", "settling", "word"),
    [
        (np.where(np.arange(60) < 40, 1.0, 1.4), Settling.SLOWING, "longer"),
        (1.0 + np.arange(60) / 100.0, Settling.SLOWING, "longer"),
        (2.0 - np.arange(60) / 100.0, Settling.NEVER, "only the last"),
        (1.0 + 0.3 * (np.arange(60) // 10 % 2), Settling.NEVER, "rise and fall"),
        (np.where(np.arange(60) < 52, 1.5, 1.0), Settling.NEVER, "only the last"),
    ],
)
def test_what_does_not_settle_says_how(level: np.ndarray, settling: Settling, word: str) -> None:
    found = steady_state(noisy(level))
    assert (found.settling, found.start, found.level) == (settling, None, None)
    assert word in found.reason


def test_few_repetitions_show_nothing() -> None:
    assert steady_state([1.0] * (FEWEST - 1)).settling is Settling.TOO_SHORT
    assert steady_state([1.0] * FEWEST).start == 0


def test_single_disturbed_repetitions_are_no_change() -> None:
    values = noisy(np.ones(80))
    for place in (9, 30, 31, 66):
        values[place] *= 2.5
    assert steady_state(values).start == 0


def test_the_coefficient_of_variation_settles_or_does_not() -> None:
    assert settled_by_variation([9.0, 5.0, 2.0, *[1.0] * 10]) == 3
    assert settled_by_variation([1.0, 2.0] * 10) is None
