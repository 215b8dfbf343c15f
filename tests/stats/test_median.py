from __future__ import annotations

import numpy as np
import pytest

from assay.stats.median import median_interval


def test_few_values_have_a_median_and_no_interval() -> None:
    found = median_interval([3.0, 1.0, 2.0])
    assert (found.median, found.low, found.high) == (2.0, None, None)
    assert "6 are needed" in found.reason


def test_six_values_give_their_range() -> None:
    found = median_interval([5.0, 1.0, 2.0, 3.0, 4.0, 6.0])
    assert (found.low, found.high) == (1.0, 6.0)


def test_no_values_are_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        median_interval([])


@pytest.mark.parametrize("n", [6, 11, 30])
def test_the_interval_holds_the_true_median_as_often_as_it_says(n: int) -> None:
    random = np.random.default_rng(n)
    samples = np.exp(2 * random.standard_normal((2000, n)))
    found = [median_interval(sample.tolist()) for sample in samples]
    held = sum(entry.low <= 1.0 <= entry.high for entry in found if entry.low is not None and entry.high is not None)
    # 95 % promised; three standard errors of 2,000 trials are 1.5 %
    assert held / 2000 >= 0.935
