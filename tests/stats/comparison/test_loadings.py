from __future__ import annotations

import numpy as np
import pytest

from assay.stats.comparison.observation.loadings import Drawn, loadings
from assay.stats.comparison.question import Values


def values(rows: int, columns: int, seed: int = 0) -> Values:
    return np.random.default_rng(seed).normal(size=(rows, columns))


def taking(slopes: Values, rows: int, seed: int, noise: float = 0.1) -> Drawn:
    shared = np.repeat(values(rows, 1, seed), len(slopes), axis=1)
    return Drawn(values=slopes * shared + noise * values(rows, len(slopes), seed + 1), shared=shared)


def test_loadings_do_not_notice_turned_signs() -> None:
    drawn, steps = Drawn(values=values(12, 6), shared=values(12, 6, seed=1)), taking(np.ones(6), 11, 4)
    signs = np.where(values(12, 1, seed=2) > 0.0, 1.0, -1.0)
    turned = Drawn(values=signs * drawn.values, shared=signs * drawn.shared)
    first, second = loadings(drawn, steps, None), loadings(turned, steps, None)
    assert first.slopes == pytest.approx(second.slopes, rel=1e-12)


def test_with_few_observations_everything_shared_is_removed() -> None:
    found = loadings(Drawn(values=values(9, 4), shared=values(9, 4, seed=1)), None, None)
    assert np.array_equal(found.slopes, np.ones(4))


def test_what_blocks_have_together_helps_to_tell_how_much_a_line_takes() -> None:
    true, alone, helped = np.linspace(0.5, 1.5, 40), [], []
    for seed in range(0, 200, 10):
        drawn, steps = taking(true, 12, seed, noise=1.0), taking(true, 11, seed + 5, noise=0.3)
        alone.append(loadings(drawn, None, None).slopes - true)
        helped.append(loadings(drawn, steps, None).slopes - true)
    assert np.std(helped) < 0.5 * np.std(alone)


def test_the_part_of_an_effect_that_a_loading_takes_along_is_given_back() -> None:
    shared = np.abs(values(10, 3)) + 1.0
    drawn = Drawn(values=shared + 0.5, shared=shared)
    found = loadings(drawn, None, None)
    assert ((drawn.values - found.slopes * shared).mean(axis=0) < 0.25).all()
    assert (found.restored > 1.5).all()


def test_a_line_that_was_never_measured_keeps_the_loading_of_one() -> None:
    data = values(12, 3)
    data[:, 1] = np.nan
    assert loadings(Drawn(values=data, shared=values(12, 3, seed=1)), None, None).slopes[1] == 1.0
