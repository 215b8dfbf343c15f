from __future__ import annotations

import msgspec
import pytest

from assay.record.base import Missing
from assay.record.documents.report import Answer
from assay.record.enums import Status
from assay.record.rows import Metric
from assay.record.run import Clock, Run
from assay.report.judge import compare_sides, headline_of
from tests.makers import make_clock
from tests.report.views import BEFORE, side_run, two_sides

LABELS = ("old", "new")


def _sides(runs: list[Run]) -> tuple[list[Run], list[Run]]:
    return [run for run in runs if run.position.side == "A"], [run for run in runs if run.position.side == "B"]


def at(second: int) -> Clock:
    start_ns = make_clock().start_utc_ns + second * 10**9
    return msgspec.structs.replace(make_clock(), start_utc_ns=start_ns, end_utc_ns=start_ns + 10**9)


def noisy() -> list[Run]:
    """Sides that differ by chance only."""
    factors = (1.2, 0.8, 0.9, 1.1, 1.05, 0.9, 1.15, 0.95)
    pairs = [(side_run("A", i, 2.0), side_run("B", i, 2.0 * factor)) for i, factor in enumerate(factors)]
    return [run for pair in pairs for run in pair]


def test_half_the_time_in_every_block_is_faster() -> None:
    claim, *described = compare_sides(*_sides(two_sides()))
    assert (claim.metric, claim.claim, claim.answer, claim.blocks) == ("wall_s", True, Answer.LOWER, 8)
    assert claim.ratio == pytest.approx(0.5)
    assert [one.claim for one in described] == [False, False]
    headline = headline_of(LABELS, [claim, *described])
    assert headline.startswith("new is faster than old: 2.00 times as fast")
    assert "8 randomised blocks" in headline


def test_the_order_in_which_runs_arrive_does_not_matter() -> None:
    before, after = _sides(two_sides())
    assert compare_sides(before, after[::-1]) == compare_sides(before, after)


def test_more_time_is_slower() -> None:
    compared = compare_sides(*_sides(two_sides(factor=1.5)))
    assert "new is slower than old: 50.0 % more time" in headline_of(LABELS, compared)


@pytest.mark.parametrize(
    ("runs", "reason"),
    [
        ([side_run("A", None, 2.0), side_run("B", None, 1.0)] * 8, "not interleaved"),
        ([side_run("A", i, 2.0) for i in range(8)] + [side_run("B", i + 8, 1.0) for i in range(8)], "not interleaved"),
        ([*two_sides(), side_run("A", 0, 2.0)], "several runs in one block"),
        ([*two_sides(BEFORE[:7]), *two_sides((2.0, 2.0))], "several runs in one block"),
        (two_sides(BEFORE[:5]), "at least 6 are needed"),
        (two_sides(BEFORE[:3]), "at least 6 are needed"),
        (noisy(), "chance"),
        (
            [side_run(side, i, 2.0 + i % 3, clock=at(i + 20 * (side == "B"))) for side in "AB" for i in range(8)],
            "drift",
        ),
    ],
)
def test_what_can_not_be_judged_is_inconclusive_and_says_why(runs: list[Run], reason: str) -> None:
    compared = compare_sides(*_sides(runs))
    assert compared[0].answer is Answer.INCONCLUSIVE
    assert reason in compared[0].reason
    headline = headline_of(LABELS, compared)
    assert headline.startswith("Inconclusive: whether new is faster than old")
    assert reason in headline


def test_a_run_that_failed_makes_the_comparison_inconclusive() -> None:
    failed = side_run("B", 8, 0.01, status=Status.FAILED, status_reason="exit status 1")
    compared = compare_sides(*_sides([*two_sides(), side_run("A", 8, 2.0), failed]))
    assert compared[0].answer is Answer.INCONCLUSIVE
    assert compared[0].ratio is None


def test_a_missing_number_is_not_compared() -> None:
    before, after = _sides(two_sides())
    gap = (Metric(name="wall_s", value=Missing(reason="the clock stood still")),)
    compared = compare_sides(before, [*after[:-1], side_run("B", 7, 1.0, metrics=gap)])
    assert "the clock stood still" in compared[0].reason
