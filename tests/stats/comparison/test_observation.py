from __future__ import annotations

import numpy as np
import pytest

from assay.stats.comparison.judgement import Location
from assay.stats.comparison.observation.common import loadings, shared_by_others
from assay.stats.comparison.observation.lines import Observed, assemble
from assay.stats.comparison.observation.location import locate, logs
from assay.stats.comparison.question import Values


def values(rows: int, columns: int, seed: int = 0) -> Values:
    return np.random.default_rng(seed).normal(size=(rows, columns))


@pytest.mark.parametrize("cells", [4, 5, 8, 33])
def test_what_the_others_share_is_the_median_without_the_cell_itself(cells: int) -> None:
    data, usable = values(7, cells), np.ones(cells, np.bool_)
    usable[1] = False
    by_hand = np.full(data.shape, np.nan)
    for cell in range(cells):
        others = [other for other in range(cells) if usable[other] and other != cell]
        if len(others) >= 3:
            by_hand[:, cell] = np.median(data[:, others], axis=1)
    assert np.array_equal(shared_by_others(data, usable), by_hand, equal_nan=True)


def test_missing_cells_are_not_shared() -> None:
    data = values(5, 9)
    data[2, 4] = np.nan
    shared = shared_by_others(data, np.ones(9, np.bool_))
    assert shared[2, 0] == pytest.approx(np.median(np.delete(data[2], [0, 4])))


def test_loadings_do_not_notice_turned_signs() -> None:
    data, shared = values(12, 6), values(12, 6, seed=1)
    signs = np.where(values(12, 1, seed=2) > 0.0, 1.0, -1.0)
    assert np.allclose(loadings(data, shared), loadings(signs * data, signs * shared), rtol=0.0, atol=1e-15)


def test_with_few_observations_everything_shared_is_removed() -> None:
    assert np.array_equal(loadings(values(9, 4), values(9, 4, seed=1)), np.ones(4))


def test_turning_a_block_turns_all_its_lines() -> None:
    data, groups = values(11, 8), ((0, 1, 2), (3, 4))
    signs = np.where(values(11, 1, seed=2) > 0.0, 1.0, -1.0)
    before, after = (
        assemble(
            Observed(cells=cells, total=cells.sum(axis=1), after=None, shares=np.arange(1.0, 9.0)),
            groups,
            np.zeros(8, np.bool_),
        ).judged
        for cells in (data, signs * data)
    )
    assert np.allclose(after, signs * before, rtol=0.0, atol=1e-14)


def test_locations_agree_with_numpy_whether_tokens_are_missing_or_not() -> None:
    durations = np.exp(values(3, 4 * 20).reshape(3, 4, 20))
    durations[1, 2, 15:] = np.nan
    durations[2, 0, 3] = 0.0
    found = locate(np.sort(logs(durations), axis=-1))
    present = durations > 0.0
    for position, location in ((0.5, Location.MEDIAN), (0.25, Location.LOWER_QUARTILE), (0.1, Location.LOWER_DECILE)):
        by_hand = [
            [np.quantile(np.log(durations[unit, cell][present[unit, cell]]), position) for cell in range(4)]
            for unit in range(3)
        ]
        assert found[location] == pytest.approx(np.array(by_hand))
