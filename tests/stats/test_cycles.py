from __future__ import annotations

import numpy as np
import pytest

from assay.stats.cycles import FEWEST_CYCLES, interval_of, interval_of_means, quantile, ratio

TRIALS = 1500
LOW, HIGH = 0.93, 0.97
# what the share of 1,500 trials may stray by chance: three standard errors of 95 %
STRAY = 3 * (0.95 * 0.05 / TRIALS) ** 0.5


@pytest.mark.parametrize("cycles", [3, 5, 10])
def test_the_interval_of_a_mean_holds_the_truth_in_95_of_100(cycles: int) -> None:
    rng = np.random.default_rng(cycles)
    held = 0
    for _ in range(TRIALS):
        # cycles differ by 3 %, requests inside a cycle by 20 %, right-skewed as latencies are
        means = [10.0 * (1 + 0.03 * rng.normal()) * float(rng.gamma(25.0, 1 / 25.0, 50).mean()) for _ in range(cycles)]
        found = interval_of_means(means)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 10.0 <= found.high
    assert LOW - STRAY <= held / TRIALS <= HIGH + STRAY


@pytest.mark.parametrize("cycles", [3, 5, 10])
def test_the_interval_of_a_quantile_holds_the_truth_in_95_of_100(cycles: int) -> None:
    rng = np.random.default_rng(100 + cycles)
    truth = float(np.quantile(np.exp(0.05 * rng.normal(size=400_000)) * rng.gamma(25.0, 1 / 25.0, 400_000), 0.9))
    held, trials = 0, 120 if cycles <= 5 else 60
    for _ in range(trials):
        data = [np.exp(0.05 * rng.normal()) * rng.gamma(25.0, 1 / 25.0, 80) for _ in range(cycles)]
        found = interval_of([cycle.tolist() for cycle in data], quantile(0.9))
        assert found.low is not None
        assert found.high is not None
        held += found.low <= truth <= found.high
    assert held / trials >= 0.95 - 3 * (0.95 * 0.05 / trials) ** 0.5


@pytest.mark.parametrize("cycles", [3, 5, 10])
def test_the_interval_of_a_ratio_holds_the_truth_in_95_of_100(cycles: int) -> None:
    rng = np.random.default_rng(200 + cycles)
    held, trials = 0, 400 if cycles <= 5 else 100
    for _ in range(trials):
        pairs = []
        for _ in range(cycles):
            tokens = rng.integers(80, 120, 40).astype(float)
            joules = 3.0 * (1 + 0.03 * rng.normal()) * tokens * rng.gamma(100.0, 0.01, 40)
            pairs.append(np.column_stack([joules, tokens]).ravel().tolist())
        found = interval_of(pairs, ratio)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 3.0 <= found.high
    stray = 3.5 * (0.95 * 0.05 / trials) ** 0.5
    assert LOW - stray <= held / trials <= min(1.0, HIGH + stray)


@pytest.mark.parametrize("cycles", [1, 2])
def test_below_three_cycles_there_is_no_interval_and_that_is_said(cycles: int) -> None:
    found = interval_of_means([1.0] * cycles)
    assert (found.low, found.high, found.estimate) == (None, None, 1.0)
    assert f"needs {FEWEST_CYCLES}" in found.reason
    assert interval_of([[1.0, 2.0]] * cycles, quantile(0.5)).low is None


def test_three_cycles_are_warned_of_and_four_are_not() -> None:
    assert interval_of_means([1.0, 2.0, 3.0]).warning
    assert not interval_of_means([1.0, 2.0, 3.0, 4.0]).warning


def test_nothing_has_no_interval() -> None:
    with pytest.raises(ValueError, match="no cycles"):
        interval_of_means([])
    with pytest.raises(ValueError, match="without values"):
        interval_of([[1.0], []], quantile(0.5))


def test_an_interval_can_be_written_into_a_document() -> None:
    found = interval_of_means([1.0, 2.0, 4.0])
    assert {type(end) for end in (found.estimate, found.low, found.high)} == {float}
