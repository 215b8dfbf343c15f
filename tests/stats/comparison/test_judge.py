"""Whatever comes in, an answer comes out: what can't be judged is inconclusive, with a reason."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from assay.stats.comparison import (
    Arrangement,
    Claim,
    Judgement,
    Kind,
    Location,
    Looks,
    Measurements,
    Place,
    Question,
    Verdict,
    judge,
)
from assay.stats.comparison.question import Values

CELLS = 8
GROUPS = ((0, 4), (1, 5), (2, 6), (3, 7))
CELL_2 = Place(kind=Kind.CELL, index=2)


def sides(
    seed: int, *, blocks: int = 14, tokens: int = 12, ratio: float = 1.0, interleaved: bool = True
) -> tuple[Measurements, Measurements]:
    source = np.random.default_rng(seed)
    noise = source.normal(0.0, 0.05, (2, blocks, 1, 1)) + source.normal(0.0, 0.01, (2, blocks, CELLS, 1))
    durations = np.exp(noise + source.normal(0.0, 0.02, (2, blocks, CELLS, tokens)))
    durations[1, :, 2] *= ratio
    firsts = source.integers(0, 2, blocks)
    labels = np.arange(blocks) if interleaved else None
    return (
        Measurements(durations=durations[0], blocks=labels, starts_ns=20 * np.arange(blocks) + 10 * firsts),
        Measurements(durations=durations[1], blocks=labels, starts_ns=20 * np.arange(blocks) + 10 * (1 - firsts)),
    )


def check_words(judgement: Judgement) -> None:
    for line in judgement.lines:
        assert line.verdict is not Verdict.INCONCLUSIVE or line.reason
        if line.judged is not None:
            assert line.judged.low <= line.judged.log_ratio <= line.judged.high


def spoilt(durations: Values, how: str, source: np.random.Generator) -> Values:
    result = durations.copy()
    hit = source.random(result.shape) < 0.3
    if how == "a cell missing":
        result[:, 0] = np.nan
    elif how == "constant":
        result[:] = 1.5
    elif how == "coarse":
        result = np.floor(result * 3.0)
    else:
        result[hit] = {"missing": np.nan, "zero": 0.0, "infinite": np.inf, "negative": -1.0}[how]
    return result


@pytest.mark.parametrize("how", ["missing", "zero", "infinite", "negative", "a cell missing", "constant", "coarse"])
@pytest.mark.parametrize("interleaved", [True, False])
@pytest.mark.parametrize("tokens", [1, 5, 20])
def test_damaged_measurements_get_an_answer(how: str, interleaved: bool, tokens: int) -> None:
    source = np.random.default_rng(3)
    before, after = (
        replace(side, durations=spoilt(side.durations, how, source))
        for side in sides(21, tokens=tokens, interleaved=interleaved)
    )
    judgement = judge(before, after, Question(groups=GROUPS, claim=Claim(place=CELL_2)))
    check_words(judgement)
    assert not judgement.claims


def test_exactly_tied_cells_carry_no_claim() -> None:
    before, after = sides(2)
    tied = after.durations.copy()
    tied[:, 5] = before.durations[:, 5]
    judgement = judge(before, replace(after, durations=tied), Question(groups=GROUPS))
    assert judgement.cells[5].verdict is Verdict.INCONCLUSIVE
    assert "alike" in judgement.cells[5].reason


def test_what_is_shorter_than_a_step_of_the_clock_carries_no_claim() -> None:
    before, after = sides(2, ratio=0.8)
    judgement = judge(before, after, Question(groups=GROUPS, resolution=1.5))
    assert not [line for line in judgement.claims if line.place.kind is Kind.CELL]
    assert "step of the clock" in judgement.cells[2].reason


def test_swapping_the_sides_turns_every_line_and_keeps_every_p_value() -> None:
    before, after = sides(4, ratio=0.95)
    there, back = (judge(*pair, Question(groups=GROUPS)) for pair in ((before, after), (after, before)))
    assert there.location is back.location
    for one, other in zip(there.lines, back.lines, strict=True):
        assert one.judged is not None
        assert other.judged is not None
        assert (one.p_value, one.p_adjusted) == (other.p_value, other.p_adjusted)
        assert one.judged.log_ratio == pytest.approx(-other.judged.log_ratio, abs=1e-12)
        assert one.judged.low == pytest.approx(-other.judged.high, abs=1e-12)


def test_the_unit_of_measurement_does_not_matter() -> None:
    before, after = sides(5, ratio=0.97)
    old, new = (replace(side, durations=side.durations * 1e6) for side in (before, after))
    plain, large = (judge(*pair, Question(groups=GROUPS)) for pair in ((before, after), (old, new)))
    assert [line.p_adjusted for line in plain.lines] == pytest.approx([line.p_adjusted for line in large.lines])
    assert [line.verdict for line in plain.lines] == [line.verdict for line in large.lines]


@pytest.mark.parametrize("blocks", [1, 2, 4])
def test_few_blocks_are_declined_with_the_number_needed(blocks: int) -> None:
    judgement = judge(*sides(6, blocks=blocks, ratio=0.5), Question(groups=GROUPS))
    assert not judgement.design.sound
    assert not judgement.claims
    assert "are needed" in judgement.design.reason
    check_words(judgement)


def test_sides_that_ran_one_after_the_other_are_declined_however_they_are_labelled() -> None:
    before, after = sides(7, ratio=0.5)
    later = replace(after, starts_ns=after.starts_ns + 10_000) if after.starts_ns is not None else after
    for blocks in (before.blocks, None):
        pair = (replace(before, blocks=blocks), replace(later, blocks=blocks))
        judgement = judge(*pair, Question(groups=GROUPS))
        assert judgement.design.arrangement is Arrangement.SEQUENTIAL
        assert not judgement.claims
        assert "one after the other" in judgement.design.reason


def test_what_a_cell_does_not_share_may_be_judged_despite_the_order_when_asked() -> None:
    before, after = sides(8, ratio=0.9)
    later = replace(after, blocks=None, starts_ns=None if after.starts_ns is None else after.starts_ns + 10_000)
    drifted = replace(later, durations=later.durations * 1.2)
    judgement = judge(replace(before, blocks=None), drifted, Question(groups=GROUPS, despite_order=True))
    assert [line.place for line in judgement.claims] == [CELL_2]
    assert judgement.common is not None
    assert "one after the other" in judgement.common.reason


def test_invocations_of_few_builds_are_no_replication() -> None:
    before, after = (replace(side, builds=np.arange(14) % 2) for side in sides(9, ratio=0.5))
    judgement = judge(before, after, Question(groups=GROUPS))
    assert judgement.design.unit == "build"
    assert not judgement.design.sound


def test_builds_that_recur_over_blocks_are_judged_as_builds() -> None:
    before, after = (replace(side, builds=np.arange(14) % 7) for side in sides(10, ratio=0.8))
    judgement = judge(before, after, Question(groups=GROUPS))
    assert (judgement.design.unit, judgement.design.blocks) == ("build", 7)
    assert judgement.exact


def test_a_location_below_the_middle_claims_nothing_when_only_the_spread_changes() -> None:
    source = np.random.default_rng(11)
    shape, wide = (20, CELLS, 40), np.ones(CELLS)
    wide[2] = 2.5
    before, after = (
        np.exp(source.normal(0.0, 0.01, (20, CELLS, 1)) + 0.03 * factor[:, None] * source.normal(0.0, 1.0, shape))
        for factor in (np.ones(CELLS), wide)
    )
    blocks = np.arange(20)
    judgement = judge(
        Measurements(durations=before, blocks=blocks), Measurements(durations=after, blocks=blocks), Question()
    )
    assert not judgement.claims


def test_interrupted_tokens_are_left_to_a_location_that_does_not_see_them() -> None:
    before, after = sides(12, tokens=40, ratio=0.95)
    source = np.random.default_rng(12)
    old, new = (
        replace(side, durations=side.durations * np.where(source.random(side.durations.shape) < 0.25, 5.0, 1.0))
        for side in (before, after)
    )
    judgement = judge(old, new, Question(groups=GROUPS))
    assert judgement.location is not Location.TRIMMED_MEAN
    assert CELL_2 in [line.place for line in judgement.claims]


def test_named_claims_are_refuted_by_the_other_direction_and_by_too_small_a_change() -> None:
    def verdict(change: float, ratio: float) -> Verdict:
        question = Question(groups=GROUPS, claim=Claim(place=CELL_2, change=change))
        named = judge(*sides(13, ratio=ratio), question).named
        assert named is not None
        return named.verdict

    assert verdict(-0.02, 0.95) is Verdict.CORROBORATED
    assert verdict(-0.02, 1.05) is Verdict.REFUTED
    assert verdict(-0.20, 0.95) is Verdict.REFUTED
    assert verdict(0.02, 1.05) is Verdict.CORROBORATED


def test_an_answer_says_what_it_could_have_seen_and_what_it_would_take() -> None:
    line = judge(*sides(14), Question(groups=GROUPS, margin=0.002)).cells[0]
    assert line.verdict is Verdict.INCONCLUSIVE
    assert line.detectable is not None
    assert 0.005 < line.detectable < 0.1
    assert line.blocks_needed is not None
    assert line.further_blocks == line.blocks_needed - 14


def test_a_small_change_is_equivalent_where_the_margin_is_wide() -> None:
    judgement = judge(*sides(15), Question(groups=GROUPS, margin=0.05))
    assert {line.verdict for line in judgement.cells} == {Verdict.EQUIVALENT}


def test_cells_are_not_called_equivalent_when_all_moved_together() -> None:
    before, after = sides(16)
    judgement = judge(before, replace(after, durations=after.durations * 1.3), Question(groups=GROUPS, margin=0.05))
    assert judgement.common is not None
    assert judgement.common.claimed
    assert Verdict.EQUIVALENT not in {line.verdict for line in judgement.cells}


def test_effects_come_in_the_unit_of_the_measurements_too() -> None:
    line = judge(*sides(17, ratio=0.9), Question(groups=GROUPS)).cells[2]
    assert line.before == pytest.approx(1.0, rel=0.05)
    assert line.after == pytest.approx(0.9, rel=0.05)
    assert line.raw is not None
    assert line.raw.change == pytest.approx(math.expm1(line.raw.log_ratio))


def test_an_early_look_claims_only_what_is_overwhelming() -> None:
    few, looks = sides(18, blocks=10, ratio=0.985), Looks(at=(5, 10), most=60)
    early, alone = (judge(*few, Question(groups=GROUPS, looks=looked)) for looked in (looks, None))
    assert early.level < 0.001 < alone.level
    assert not early.claims
    check_words(early)


@pytest.mark.parametrize("blocks", [5, 6, 13])
def test_a_ratio_without_any_noise_is_judged_too(blocks: int) -> None:
    walls = np.linspace(1.0, 2.0, blocks)[:, None, None]
    starts = np.arange(2 * blocks).reshape(blocks, 2)
    before = Measurements(durations=walls, blocks=np.arange(blocks), starts_ns=starts[:, 0])
    after = Measurements(durations=walls / 2.0, blocks=np.arange(blocks), starts_ns=starts[:, 1])
    judgement = judge(before, after, Question(claim=Claim(place=Place(kind=Kind.TOTAL))))
    assert judgement.named is not None
    assert (judgement.named.verdict is Verdict.CORROBORATED) is (blocks > 5)
