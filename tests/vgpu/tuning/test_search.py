from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import comb

import pytest

import assay.vgpu as vg
from assay.vgpu.tuning.search import FEWEST_PAIRS, MOST_PAIRS, Compared, Task, tune_shape
from assay.vgpu.tuning.types import RULES, Choice, Shape, Verdict
from tests.vgpu.tuning.simulated import Simulated

pytestmark = pytest.mark.skipif(vg.core_info().core == "python", reason="no native core")

SHAPE = Shape(dtype="fp32", m=2000, n=2000, k=2000)


def tuned(stopwatch: Simulated, *, budget_s: float = 100.0, shape: Shape = SHAPE, workers: int = 2) -> Verdict:
    return tune_shape(Task(shape=shape, workers=workers, stopwatch=stopwatch, budget_s=budget_s))


def faster_by(**chosen: int) -> Callable[[Shape, Choice], float]:
    """Each of these choices makes a product a tenth faster."""

    def seconds(_shape: Shape, choice: Choice) -> float:
        met = sum(bool(getattr(choice, name) == value) for name, value in chosen.items())
        return float(0.01 * 0.9**met)

    return seconds


def test_choices_that_are_faster_together_are_found() -> None:
    verdict = tuned(Simulated(faster_by(block_rows=252, group_columns=1024, cut_rows=4), noise=0.02))
    assert (verdict.choice.block_rows, verdict.choice.group_columns, verdict.choice.cut_rows) == (252, 1024, 4)
    assert verdict.gain == pytest.approx(0.9**-3, rel=0.05)
    assert 1.0 < (verdict.gain_least or 0.0) <= (verdict.gain or 0.0)
    assert FEWEST_PAIRS <= verdict.pairs <= MOST_PAIRS
    assert verdict.reason == ""


def test_the_same_machine_gives_the_same_verdict() -> None:
    first, second = (tuned(Simulated(faster_by(block_rows=84), noise=0.1, seed=5)) for _ in range(2))
    assert first == second


def test_where_all_are_alike_the_rules_stay() -> None:
    verdicts = [
        tune_shape(
            Task(shape=SHAPE, workers=2, stopwatch=Simulated(faster_by(), noise=0.2, seed=i), budget_s=100, seed=i)
        )
        for i in range(200)
    ]
    accepted = sum(verdict.is_better for verdict in verdicts)
    most = next(n for n in range(200) if sum(comb(200, i) * 0.01**i * 0.99 ** (200 - i) for i in range(n + 1)) > 0.999)
    assert accepted <= most
    assert all(verdict.reason for verdict in verdicts if not verdict.is_better)


def test_what_only_seemed_faster_is_not_taken() -> None:
    really = Simulated(faster_by(block_rows=84))
    pairs = tuned(really).pairs
    searching = len(really.products) - 2 * pairs
    lucky = Simulated(lambda _, choice: 0.009 if choice.block_rows == 84 and len(lucky.products) < searching else 0.01)
    verdict = tuned(lucky)
    assert verdict.choice == RULES
    assert verdict.gain == pytest.approx(1.0)
    assert "no sure gain by block_rows=84" in verdict.reason


def test_a_cut_of_k_has_to_win_with_one_worker_too() -> None:
    everywhere = tuned(Simulated(faster_by(k_bytes=1024)))
    assert everywhere.choice == Choice(k_bytes=1024)

    def only_together(_shape: Shape, choice: Choice) -> float:
        return 0.009 if choice.k_bytes == 1024 and choice.cut_rows != 1 else 0.01

    assert tuned(Simulated(only_together)).choice == RULES
    assert tuned(Simulated(only_together), workers=1).choice == Choice(k_bytes=1024)


def test_nothing_is_packed_where_operands_are_read_in_place() -> None:
    shape = Shape(dtype="fp64", m=200, n=200, k=200)
    stopwatch = Simulated(lambda _, choice: 0.009 if choice.path == "in_place" else 0.01)
    assert tuned(stopwatch, shape=shape).choice == Choice(path="in_place")
    assert not [choice for choice in stopwatch.products if choice.block_rows]


def test_what_was_found_earlier_has_to_win_again() -> None:
    earlier = Choice(block_rows=1000)
    task = Task(shape=SHAPE, workers=2, stopwatch=Simulated(faster_by(block_rows=1000)), budget_s=100, earlier=earlier)
    assert tune_shape(task).choice == earlier
    assert tune_shape(replace(task, stopwatch=Simulated(faster_by()))).choice == RULES


def test_a_budget_that_is_too_small_tries_nothing_and_says_what_it_takes() -> None:
    stopwatch = Simulated(faster_by(block_rows=84))
    verdict = tuned(stopwatch, budget_s=0.1)
    assert (verdict.choice, verdict.counts) == (RULES, False)
    assert "needs 0.3 s" in verdict.reason
    assert stopwatch.now_s() < 0.1


@pytest.mark.parametrize("budget_s", [0.35, 1.0, 3.0])
def test_a_budget_is_kept(budget_s: float) -> None:
    stopwatch = Simulated(faster_by(group_columns=4096))
    tuned(stopwatch, budget_s=budget_s)
    assert stopwatch.now_s() < budget_s * 1.2


def test_the_least_gain_is_what_a_sign_test_leaves() -> None:
    compared = Compared(before_s=[1.0 + i / 100 for i in range(9)], after_s=[1.0] * 9)
    assert compared.least() == 1.0
    compared = Compared(before_s=[1.0 + i / 100 for i in range(31)], after_s=[1.0] * 31)
    below = round((compared.least() - 1.0) * 100)
    assert (
        sum(comb(31, i) for i in range(below + 1)) / 2**31 <= 0.01 < sum(comb(31, i) for i in range(below + 2)) / 2**31
    )
