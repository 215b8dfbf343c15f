from __future__ import annotations

import numpy as np
import pytest

from assay.stats.comparison.judgement import Location
from assay.stats.comparison.observation.common import shared_by_others
from assay.stats.comparison.observation.lines import Observed, assemble
from assay.stats.comparison.observation.location import locate, logs
from assay.stats.comparison.observation.observed import typical
from assay.stats.comparison.question import Measurements, Values


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


def test_turning_a_block_turns_all_its_lines() -> None:
    data, groups, sums = values(11, 8), ((0, 1, 2), (3, 4)), values(11, 9, seed=3)
    signs = np.where(values(11, 1, seed=2) > 0.0, 1.0, -1.0)
    before, after = (
        assemble(
            Observed(cells=cells, total=cells.sum(axis=1), after=None, shares=np.arange(1.0, 9.0), sums=sums),
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


def test_the_core_is_the_mean_of_what_nothing_disturbed() -> None:
    clean = values(1, 24)[0]
    disturbed = np.sort(np.concatenate([clean, np.full(8, 50.0)]))
    assert locate(disturbed)[Location.CORE] == pytest.approx(clean.mean(), abs=0.25)
    assert locate(np.sort(clean))[Location.CORE] == pytest.approx(clean.mean(), abs=0.1)


def test_where_most_tokens_are_alike_the_core_is_their_value() -> None:
    assert locate(np.array([1.0] * 9 + [2.0, 7.0]))[Location.CORE] == 1.0


def test_what_is_typical_needs_no_sound_design_and_no_whole_data() -> None:
    durations = np.array([[[1.0, 2.0, 9.0], [4.0, np.nan, 4.0], [np.nan] * 3]])
    assert typical(Measurements(durations=durations)) == pytest.approx([2.0, 4.0, np.nan, np.nan], nan_ok=True)
