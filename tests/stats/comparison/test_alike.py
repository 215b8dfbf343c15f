from __future__ import annotations

import numpy as np
import pytest

from assay.stats.comparison.observation.lines import Lines
from assay.stats.comparison.question import Kind, Place
from assay.stats.comparison.testing import tested as results
from assay.stats.comparison.testing.alike import hold_alike

CRITICAL = np.full(3, 3.0)


def one_cell(loading: float) -> Lines:
    nothing = np.zeros((6, 3))
    kinds = (Kind.CELL, Kind.COMMON, Kind.TOTAL)
    return Lines(
        places=tuple(Place(kind=kind) for kind in kinds),
        raw=nothing,
        specific=nothing,
        loadings=np.array([loading, np.nan, np.nan]),
        restored=np.ones(3),
        leverage=np.zeros(3),
        guide=np.full(3, np.nan),
        likes=np.array([1, -1, -2]),
    )


def found(cell: float, common: float, common_error: float) -> results.Tested:
    estimate, error = np.array([cell, common, common]), np.array([0.01, common_error, common_error])
    rest = dict.fromkeys(("freedom", "observations", "p_value", "p_adjusted", "low", "high"), np.ones(3))
    narrow = dict.fromkeys(("low_narrow", "high_narrow", "critical"), np.ones(3))
    return results.Tested(estimate=estimate, error=error, **rest, **narrow)


@pytest.mark.parametrize(
    ("loading", "cell", "common", "holds"),
    [
        (0.7, 0.09, 0.3, False),
        (0.7, 0.09, 0.0, True),
        (0.7, 0.09, 0.012, True),
        (1.0, 0.09, 0.3, True),
        (0.7, -0.09, 0.3, True),
        (1.5, 0.06, 0.3, True),
        (1.5, -0.15, 0.3, False),
    ],
)
def test_a_cell_that_only_takes_less_of_a_change_of_all_is_no_claim(
    loading: float, cell: float, common: float, *, holds: bool
) -> None:
    assert hold_alike(one_cell(loading), found(cell, common, 0.01), CRITICAL)[0] == holds


def test_what_all_did_by_chance_takes_no_claim_away() -> None:
    assert hold_alike(one_cell(0.5), found(0.031, 0.03, 0.03), CRITICAL)[0]
