from __future__ import annotations

import pytest

import assay
from assay.errors import UsageError
from assay.marks import Bench, Limit, noted


def test_decorators_only_note_what_is_wanted() -> None:
    @assay.bench(rounds=3)
    @assay.limit(wall_s=1.0)
    def work(number: int) -> int:
        return number + 1

    assert work(1) == 2
    assert noted(work) == (Bench(rounds=3), Limit(wall_s=1.0))
    assert noted(len) == (None, None)


@pytest.mark.parametrize("wrong", [{}, {"wall_s": 0.0}, {"peak_mb": -1.0}])
def test_a_limit_without_a_number_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="above zero"):
        assay.limit(**wrong)


def test_a_bench_without_rounds_is_refused() -> None:
    with pytest.raises(UsageError, match="rounds"):
        assay.bench(rounds=0)(print)
