from __future__ import annotations

import math

import numpy as np
import pytest

from assay.stats.paired import FEWEST_BLOCKS, Direction, compare_pairs

BEFORE = [2.0, 2.1, 1.9, 2.2, 2.05, 1.95, 2.15, 2.0]


def test_a_side_that_is_faster_in_every_block_is_lower_with_the_smallest_possible_p() -> None:
    effect = compare_pairs(BEFORE, [value / 2 for value in BEFORE])
    assert effect.direction is Direction.LOWER
    assert effect.p_value == pytest.approx(2 / 2**8)
    assert effect.ratio == pytest.approx(0.5)
    assert effect.low == pytest.approx(0.5)
    assert effect.high == pytest.approx(0.5)
    assert effect.reason == ""


def test_swapping_the_sides_swaps_the_answer_and_inverts_the_interval() -> None:
    after = [1.9, 1.8, 1.85, 2.0, 1.7, 1.9, 2.0, 1.6]
    there, back = compare_pairs(BEFORE, after), compare_pairs(after, BEFORE)
    assert (there.direction, back.direction) == (Direction.LOWER, Direction.HIGHER)
    assert there.p_value == back.p_value
    assert there.low is not None
    assert back.high == pytest.approx(1.0 / there.low)


def test_equal_sides_are_inconclusive_and_say_why() -> None:
    effect = compare_pairs(BEFORE, BEFORE)
    assert effect.direction is Direction.INCONCLUSIVE
    assert effect.p_value == 1.0
    assert "chance" in effect.reason


def test_the_p_value_counts_sign_patterns_exactly() -> None:
    logs = [-0.3, -0.2, -0.1, 0.05, -0.25, -0.15]
    patterns = [
        sum(log if number >> index & 1 else -log for index, log in enumerate(logs)) for number in range(2 ** len(logs))
    ]
    by_hand = sum(abs(total) >= abs(sum(logs)) - 1e-12 for total in patterns) / len(patterns)
    assert compare_pairs([1.0] * 6, [math.exp(log) for log in logs]).p_value == pytest.approx(by_hand)


@pytest.mark.parametrize("blocks", range(1, FEWEST_BLOCKS))
def test_too_few_blocks_never_claim_anything(blocks: int) -> None:
    effect = compare_pairs([10.0] * blocks, [1.0] * blocks)
    assert effect.direction is Direction.INCONCLUSIVE
    assert effect.p_value is None
    assert effect.ratio == pytest.approx(0.1)
    assert "at least 6" in effect.reason


@pytest.mark.parametrize(
    ("before", "after"),
    [([], []), ([1.0] * 8, [1.0] * 7), ([0.0] * 8, [1.0] * 8), ([math.nan] * 8, [1.0] * 8), ([-1.0] * 8, [1.0] * 8)],
)
def test_what_has_no_ratio_is_inconclusive_with_a_reason(before: list[float], after: list[float]) -> None:
    effect = compare_pairs(before, after)
    assert (effect.direction, effect.ratio, effect.p_value) == (Direction.INCONCLUSIVE, None, None)
    assert effect.reason


def test_beyond_fourteen_blocks_random_patterns_are_drawn_and_can_be_repeated() -> None:
    source = np.random.default_rng(3)
    before = np.exp(source.normal(0.0, 0.05, 40)).tolist()
    after = np.exp(source.normal(-0.2, 0.05, 40)).tolist()
    effect = compare_pairs(before, after, seed=5)
    assert effect == compare_pairs(before, after, seed=5)
    assert effect.p_value == pytest.approx(1e-4)
    assert effect.ratio == pytest.approx(math.exp(-0.2), rel=0.05)


@pytest.mark.parametrize(("blocks", "trials"), [(6, 1000), (8, 1000), (20, 200)])
def test_false_claims_and_coverage_keep_their_level(blocks: int, trials: int) -> None:
    source = np.random.default_rng(blocks)
    claims, covered, truth = 0, 0, 0.9
    for _ in range(trials):
        drift = source.normal(0.0, 0.3, blocks)
        noise = source.standard_t(3, (2, blocks)) * 0.05
        before, same, faster = (np.exp(drift + part) for part in (noise[0], noise[1], noise[1] + math.log(truth)))
        claims += compare_pairs(before.tolist(), same.tolist()).direction is not Direction.INCONCLUSIVE
        effect = compare_pairs(before.tolist(), faster.tolist())
        assert effect.low is not None
        assert effect.high is not None
        covered += effect.low <= truth <= effect.high
    margin = 3.0 * math.sqrt(0.05 * 0.95 / trials)
    assert claims / trials <= 0.05 + margin
    assert covered / trials >= 0.95 - margin
