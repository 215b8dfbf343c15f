from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from assay.stats.sketch import (
    RELATIVE_ERROR,
    ZERO_KEY,
    keys_of,
    lower_edge_ns,
    merged,
    quantiles,
    sketch_from_bins,
    sketch_of,
    upper_edge_ns,
)

AT = (0.0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0)

TAILS: dict[str, Callable[[np.random.Generator], Any]] = {
    "lognormal": lambda random: random.lognormal(10, 2, 20_000),
    "pareto": lambda random: 1000 * (1 + random.pareto(1.05, 20_000)),
    "two modes six decades apart": lambda random: np.where(random.random(20_000) < 0.5, 150, 150_000_000),
    "small whole numbers": lambda random: random.integers(0, 12, 20_000),
    "constant": lambda _: np.full(20_000, 123_456),
}


def _durations(tail: str, seed: int) -> Any:
    return TAILS[tail](np.random.default_rng(seed)).astype(np.int64)


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("seed", range(3))
def test_every_quantile_lies_within_one_per_cent_of_the_order_statistic(tail: str, seed: int) -> None:
    durations = np.sort(_durations(tail, seed))
    exact = [durations[int(q * (len(durations) - 1))] for q in AT]
    for found, true in zip(quantiles(sketch_of(durations), AT), exact, strict=True):
        assert abs(found - true) <= RELATIVE_ERROR * true * (1 + 1e-9)


@pytest.mark.parametrize("tail", TAILS)
def test_merging_gives_the_sketch_of_everything_in_any_order_and_grouping(tail: str) -> None:
    parts = [_durations(tail, seed) for seed in range(3)]
    whole = quantiles(sketch_of(np.concatenate(parts)), AT)
    a, b, c = (sketch_of(part) for part in parts)
    assert quantiles(merged([a, b, c]), AT) == whole
    assert quantiles(merged([c, a, b]), AT) == whole
    assert quantiles(merged([a, merged([b, c])]), AT) == whole
    assert quantiles(merged([merged([a, b]), c]), AT) == whole


def test_filling_from_an_array_equals_adding_one_by_one() -> None:
    durations = _durations("lognormal", 7)[:2000]
    one_by_one = sketch_from_bins([])
    for duration in durations.tolist():
        one_by_one.add(duration)
    assert quantiles(sketch_of(durations), AT) == pytest.approx(quantiles(one_by_one, AT), rel=1e-12)


def test_a_duration_lies_in_its_bin() -> None:
    durations = np.concatenate([np.arange(0, 5000), 2 ** np.arange(0, 62)])
    for duration, key in zip(durations.tolist(), keys_of(durations).tolist(), strict=True):
        assert lower_edge_ns(key) * (1 - 1e-12) < duration <= upper_edge_ns(key) * (1 + 1e-12)


def test_zero_has_a_bin_of_its_own() -> None:
    assert keys_of(np.array([0, 1])).tolist() == [ZERO_KEY, 0]
    assert quantiles(sketch_of(np.array([0, 0, 0])), [0.5]) == [0.0]


def test_a_bin_that_comes_twice_is_added_up() -> None:
    assert sketch_from_bins([(500, 2), (500, 3)]).count == 5


def test_an_empty_sketch_has_no_quantile() -> None:
    assert np.isnan(quantiles(merged([]), [0.5])).all()
