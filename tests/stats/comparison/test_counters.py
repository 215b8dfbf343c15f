from __future__ import annotations

import pytest

from assay.stats.comparison import Verdict, compare_counters


def test_a_counter_that_repeats_differs_or_is_the_same_number() -> None:
    assert compare_counters([100, 100], [100, 100, 100]).verdict is Verdict.EQUIVALENT
    less = compare_counters([100, 100], [99, 99])
    assert (less.verdict, less.before, less.after, less.change) == (Verdict.CORROBORATED, 100, 99, -0.01)


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [([100, 101], [99, 99], "baseline"), ([100, 100], [99, 98], "candidate"), ([100], [99, 99], "runs"), ([], [], "0")],
)
def test_a_counter_that_does_not_repeat_is_inconclusive(before: list[int], after: list[int], word: str) -> None:
    result = compare_counters(before, after)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert word in result.reason


@pytest.mark.parametrize(
    ("after", "claimed", "verdict"),
    [
        (98, -0.02, Verdict.CORROBORATED),
        (99, -0.02, Verdict.REFUTED),
        (99, 0.0, Verdict.CORROBORATED),
        (100, 0.0, Verdict.REFUTED),
        (102, 0.02, Verdict.CORROBORATED),
        (101, 0.02, Verdict.REFUTED),
    ],
)
def test_a_claim_about_a_counter_holds_exactly_or_not(after: int, claimed: float, verdict: Verdict) -> None:
    assert compare_counters([100, 100], [after, after], claimed).verdict is verdict


def test_a_counter_that_was_zero_has_no_relative_change() -> None:
    result = compare_counters([0, 0], [3, 3])
    assert (result.verdict, result.change) == (Verdict.CORROBORATED, None)
