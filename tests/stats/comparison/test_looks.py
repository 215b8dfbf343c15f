from __future__ import annotations

import numpy as np
import pytest

from assay.stats.comparison import Looks, may_be_spent
from assay.stats.comparison.looks import level_by_parts, level_by_patterns


def test_almost_nothing_is_spent_early_and_all_of_it_at_the_end() -> None:
    spent = [may_be_spent(0.05, fraction) for fraction in (0.0, 0.25, 0.5, 0.75, 1.0, 1.2)]
    assert spent == pytest.approx([0.0, 8.9e-5, 5.57e-3, 2.36e-2, 0.05, 0.05], rel=0.02)


def test_the_patterns_that_cross_at_any_look_are_no_more_than_alpha() -> None:
    source = np.random.default_rng(1)
    steps = np.abs(np.cumsum(source.normal(size=(20_000, 8)), axis=1) / np.sqrt(np.arange(1, 9)))
    looks = [Looks(at=tuple(range(5, 5 * count + 1, 5)), most=40) for count in range(1, 9)]
    crossed = np.zeros(20_000, np.bool_)
    for number, looked in enumerate(looks, start=1):
        level = level_by_patterns([steps[:, step] for step in range(number)], looked, 0.05)
        now = steps[:, number - 1]
        if level > 0.0:
            crossed |= now > np.quantile(now, 1.0 - level)
    assert 0.045 < crossed.mean() <= 0.0501


def test_one_look_at_the_end_is_the_plain_test() -> None:
    values = np.random.default_rng(2).normal(size=2_000)
    assert level_by_patterns([values], Looks(at=(30,), most=30), 0.05) == pytest.approx(0.05)


def test_levels_by_parts_add_up_to_alpha() -> None:
    ats = [tuple(range(5, 5 * count + 1, 5)) for count in range(1, 9)]
    assert sum(level_by_parts(Looks(at=at, most=40), 0.05) for at in ats) == pytest.approx(0.05, abs=1e-6)
