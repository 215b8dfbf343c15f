from __future__ import annotations

import time
from collections import Counter

from assay.measure.device.trial import FEWEST_BLOCKS, MOST_BLOCKS, measure
from tests.measure.device.makers import make_case


def test_every_block_holds_every_side_once() -> None:
    asked: list[int] = []
    results = measure(
        {"one": [make_case("a", lambda: time.sleep(0.002), lambda: time.sleep(0.004))], "two": [make_case("b", list)]},
        budget_s=0.01,
        seed=1,
        before_each=lambda block, _: asked.append(block),
    )
    assert [(result.suite, result.case.name) for result in results] == [("one", "a"), ("two", "b")]
    assert asked == list(range(FEWEST_BLOCKS))
    first, second = results
    assert [len(first.ours), len(first.numpy), len(second.ours), len(second.numpy)] == [FEWEST_BLOCKS] * 3 + [0]
    assert all(sample.call_s >= 0.002 for sample in first.ours)
    assert all(sample.call_s >= 0.004 for sample in first.numpy)


def test_sides_of_a_block_come_in_random_order() -> None:
    def order(seed: int) -> list[bool]:
        (result,) = measure({"s": [make_case("a", list, list)]}, budget_s=0.01, seed=seed)
        return [a.start_ns < b.start_ns for a, b in zip(result.ours, result.numpy, strict=True)]

    assert order(1) == order(1)
    assert len(Counter(tuple(order(seed)) for seed in range(8))) > 1


def test_quick_work_is_repeated_until_its_time_can_be_read() -> None:
    calls = 0

    def work() -> None:
        nonlocal calls
        calls += 1

    (result,) = measure({"s": [make_case("quick", work)]}, budget_s=0.01, seed=1)
    assert calls > 1000 * FEWEST_BLOCKS
    assert all(sample.wall_ns > 100_000 for sample in result.ours)
    assert all(sample.call_s < 1e-4 for sample in result.ours)


def test_time_is_used_but_not_without_end() -> None:
    (result,) = measure({"s": [make_case("sleep", lambda: time.sleep(0.001))]}, budget_s=0.1, seed=1)
    assert FEWEST_BLOCKS < len(result.ours) <= MOST_BLOCKS
    (result,) = measure({"s": [make_case("nothing", lambda: None)]}, budget_s=600.0, seed=1)
    assert len(result.ours) == MOST_BLOCKS
