from __future__ import annotations

import numpy as np

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
