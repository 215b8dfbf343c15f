from __future__ import annotations

import numpy as np
import pytest

from assay.stats.comparison import Arrangement, Question, judge
from bench.compare.__main__ import PARTS, main
from bench.compare.noise import REALISTIC, Noise, Shape, one_after_the_other, pair
from bench.compare.peers import RULES
from bench.compare.scenarios import WITH_CHANGE, WITHOUT_CHANGE, Scenario
from bench.compare.score import Tally, draw, tally

SMALL = Shape(before=8, after=8, cells=8, tokens=8)


def test_a_pair_is_the_same_whenever_it_is_drawn() -> None:
    first, again = draw(WITHOUT_CHANGE[0], 3), draw(WITHOUT_CHANGE[0], 3)
    assert np.array_equal(first[1].durations, again[1].durations)
    assert not np.array_equal(first[1].durations, draw(WITHOUT_CHANGE[0], 4)[1].durations)


def test_both_sides_of_every_block_run_beside_one_another() -> None:
    before, after = pair(np.random.default_rng(1), SMALL, REALISTIC)
    assert before.starts_ns is not None
    assert after.starts_ns is not None
    assert np.array_equal(before.starts_ns // 2, after.starts_ns // 2)
    assert judge(before, after, Question()).design.arrangement is Arrangement.BLOCKS


def test_sources_of_noise_have_the_size_they_say() -> None:
    shape = Shape(before=200, after=200, cells=16, tokens=1)
    noise = Noise(common=0.0, cell=0.03, token=0.0, run_memory=0.8)
    before, after = pair(np.random.default_rng(2), shape, noise)
    logs = np.log(np.concatenate([before.durations, after.durations]))[:, :, 0]
    assert logs.std(axis=0).mean() == pytest.approx(0.03, rel=0.1)


def test_a_planted_change_is_in_the_candidate_s_cell_only() -> None:
    scenario = Scenario(
        name="planted", shape=SMALL, noise=Noise(common=0.0, cell=0.0, token=0.0), cells=(2,), ratio=0.5
    )
    before, after = draw(scenario, 1)
    assert (after.durations / before.durations).mean(axis=(0, 2)) == pytest.approx([1, 1, 0.5, 1, 1, 1, 1, 1])


@pytest.mark.parametrize("rule", RULES)
def test_every_peer_s_rule_calls_a_doubled_cell(rule: str) -> None:
    scenario = Scenario(name="doubled", shape=SMALL, noise=Noise(common=0.0, cell=0.001), cells=(2,), ratio=2.0)
    called = RULES[rule](*draw(scenario, 1), np.random.default_rng(0))
    assert called.shape == (8,)
    assert called[2]


def test_the_tally_tells_what_was_found_from_what_was_not() -> None:
    scenario = Scenario(name="found", shape=SMALL, noise=Noise(cell=0.002), cells=(2,), ratio=0.8)
    result = tally(scenario, 4)
    assert result.share("found") == 1.0
    assert result.share("wrong sign") == 0.0
    assert result.share("declined") == 0.0


def test_the_lower_bound_is_the_exact_one() -> None:
    result = Tally()
    for number in range(600):
        result.count("any", number < 40)
    assert result.lower_bound("any") == pytest.approx(0.0506, abs=2e-4)


def test_parts_print_their_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["declined", "--pairs", "1"]) == 0
    assert main(["changed", "--pairs", "1", "--only", WITH_CHANGE[0].name]) == 0
    printed = capsys.readouterr().out
    assert printed.count("100.0") >= 4
    assert WITH_CHANGE[0].name in printed
    assert {"unchanged", "peers", "stopping", "planned", "equivalence"} <= set(PARTS)


def test_one_side_after_the_other_is_declined() -> None:
    sides = one_after_the_other(draw(WITHOUT_CHANGE[1], 1))
    assert not judge(*sides, Question()).design.sound
