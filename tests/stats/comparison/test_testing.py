from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from assay.stats.comparison.observation.lines import Lines
from assay.stats.comparison.question import Kind, Place, Values
from assay.stats.comparison.testing.signflip import by_signs, patterns
from assay.stats.comparison.testing.welch import by_welch, holm


def columns(raw: Values) -> Lines:
    lines = raw.shape[1]
    return Lines(
        places=tuple(Place(kind=Kind.CELL, index=cell) for cell in range(lines)),
        raw=raw,
        specific=np.full_like(raw, np.nan),
        loadings=np.full(lines, np.nan),
        restored=np.ones(lines),
        leverage=np.zeros(lines),
        guide=np.full(lines, np.nan),
        likes=np.arange(lines),
    )


def test_the_p_value_of_one_line_counts_sign_patterns_exactly() -> None:
    data = np.random.default_rng(5).normal(0.3, 1.0, (8, 1))
    found = by_signs(columns(data), np.zeros(1, np.bool_), patterns(8, 0), 0.05)
    sums = [abs(np.dot(signs, data[:, 0])) for signs in itertools.product((1.0, -1.0), repeat=8)]
    assert found.p_value[0] == pytest.approx(np.mean(np.array(sums) >= abs(data.sum()) - 1e-12))


def test_the_corrected_p_value_is_that_of_the_largest_statistic() -> None:
    data = np.random.default_rng(6).normal(0.2, 1.0, (7, 3))
    found = by_signs(columns(data), np.zeros(3, np.bool_), patterns(7, 0), 0.05)
    largest, own = [], np.abs(stats.ttest_1samp(data, 0.0).statistic)
    for signs in itertools.product((1.0, -1.0), repeat=7):
        turned = np.array(signs)[:, None] * data
        largest.append(np.abs(stats.ttest_1samp(turned, 0.0).statistic).max())
    assert found.p_adjusted == pytest.approx(np.mean(np.array(largest)[:, None] >= own - 1e-9, axis=0))


def test_a_tied_line_is_not_tested() -> None:
    data = np.random.default_rng(7).normal(0.0, 1.0, (8, 2))
    found = by_signs(columns(data), np.array([True, False]), patterns(8, 0), 0.05)
    assert np.isnan(found.p_value).tolist() == [True, False]


def test_welch_agrees_with_scipy_and_holm_with_its_definition() -> None:
    source = np.random.default_rng(8)
    before, after = source.normal(0.0, 1.0, (9, 4)), source.normal(0.5, 3.0, (14, 4))
    is_after = np.arange(23) >= 9
    found = by_welch(columns(np.concatenate([before, after])), np.zeros(4, np.bool_), is_after, 0.05)
    reference = stats.ttest_ind(after, before, equal_var=False)
    assert (found.p_value >= reference.pvalue - 1e-12).all()
    assert found.p_value == pytest.approx(reference.pvalue, abs=0.05)
    interval = reference.confidence_interval(0.95)
    assert found.low == pytest.approx(interval.low)
    assert found.high == pytest.approx(interval.high)
    assert holm(np.array([0.01, 0.04, 0.03, np.nan])) == pytest.approx([0.03, 0.06, 0.06, np.nan], nan_ok=True)
