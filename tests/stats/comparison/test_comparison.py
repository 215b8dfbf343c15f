from __future__ import annotations

import numpy as np
import pytest

from assay.stats.comparison import (
    Claim,
    Kind,
    Measurements,
    Place,
    Question,
    Verdict,
    judge,
)

CELLS, BLOCKS, TOKENS = 12, 16, 16
GROUPS = tuple(tuple(range(step, CELLS, 3)) for step in range(3))


def side(seed: int, changed: tuple[int, ...] = (), ratio: float = 1.0, blocks: int = BLOCKS) -> Measurements:
    source = np.random.default_rng(seed)
    noise = source.normal(0.0, 0.03, (blocks, 1, 1)) + source.normal(0.0, 0.01, (blocks, CELLS, 1))
    durations = np.exp(noise + source.normal(0.0, 0.02, (blocks, CELLS, TOKENS)))
    durations[:, list(changed)] *= ratio
    return Measurements(durations=durations, blocks=np.arange(blocks))


def test_one_changed_cell_is_the_only_claim() -> None:
    judgement = judge(side(1), side(2, (5,), 0.95), Question(groups=GROUPS))
    assert [line.place for line in judgement.claims] == [Place(kind=Kind.CELL, index=5)]
    changed = judgement.cells[5]
    assert changed.specific is not None
    assert changed.specific.low < np.log(0.95) < changed.specific.high < 0.0


def test_a_change_of_all_cells_is_the_common_mode_and_no_cell() -> None:
    judgement = judge(side(1), side(2, tuple(range(CELLS)), 0.8), Question(groups=GROUPS))
    assert {line.place.kind for line in judgement.claims} == {Kind.COMMON, Kind.TOTAL}


def test_a_step_that_changed_everywhere_is_claimed_as_a_group() -> None:
    judgement = judge(side(1), side(2, GROUPS[1], 0.97), Question(groups=GROUPS))
    assert judgement.groups[1].claimed
    assert not judgement.groups[0].claimed
    assert not judgement.groups[2].claimed


def test_a_claim_named_before_is_tested_alone() -> None:
    claim = Claim(place=Place(kind=Kind.CELL, index=3), change=-0.02)
    judgement = judge(side(1), side(2, (3,), 0.97), Question(groups=GROUPS, claim=claim))
    assert judgement.named is not None
    assert judgement.named.verdict is Verdict.CORROBORATED
    assert judgement.named.p_adjusted is None


def test_the_same_question_gets_the_same_answer() -> None:
    question = Question(groups=GROUPS, seed=4)
    assert judge(side(1), side(2, (3,), 0.97), question) == judge(side(1), side(2, (3,), 0.97), question)


def rates(pairs: int, **how: float) -> tuple[int, float]:
    """Pairs with any claim, and the share of intervals that hold the truth (no change)."""
    claims, covered = 0, []
    for seed in range(pairs):
        pair = [small(2 * seed + number, **how) for number in range(2)]
        judgement = judge(pair[0], pair[1], Question(groups=((0, 3), (1, 4), (2, 5)), seed=seed))
        claims += bool(judgement.claims)
        effects = [line.judged for line in judgement.cells if line.judged is not None]
        covered += [effect.low <= 0.0 <= effect.high for effect in effects]
    return claims, float(np.mean(covered))


def small(seed: int, *, tails: float = 0.0, tick: float = 0.0, blocks: float = 8) -> Measurements:
    source, count = np.random.default_rng(seed), int(blocks)
    own = source.standard_t(tails, (count, 6, 1)) if tails else source.standard_normal((count, 6, 1))
    durations = np.exp(source.normal(0.0, 0.05, (count, 1, 1)) + 0.02 * own + source.normal(0.0, 0.02, (count, 6, 6)))
    if tick:
        durations = np.floor(durations / tick + source.random(durations.shape)) * tick
    return Measurements(durations=durations, blocks=np.arange(count))


@pytest.mark.parametrize("how", [{}, {"tails": 2.0}, {"tick": 0.4}, {"blocks": 11.0}])
def test_where_nothing_changed_claims_are_as_rare_as_promised(how: dict[str, float]) -> None:
    pairs = 150
    claims, covered = rates(pairs, **how)
    assert claims / pairs <= 0.05 + 3.0 * (0.05 * 0.95 / pairs) ** 0.5
    assert abs(covered - 0.955) < 0.03


def test_no_line_s_corrected_p_value_is_small_more_often_than_it_says() -> None:
    smallest = []
    for seed in range(120):
        judgement = judge(small(2 * seed), small(2 * seed + 1), Question())
        smallest.append(min(line.p_adjusted for line in judgement.lines if line.p_adjusted is not None))
    for level in (0.1, 0.25, 0.5, 0.75):
        assert np.mean(np.array(smallest) <= level) <= level + 3.0 * (level * (1.0 - level) / 120) ** 0.5
