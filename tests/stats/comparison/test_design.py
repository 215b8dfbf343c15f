from __future__ import annotations

import numpy as np
import pytest

from assay.stats.comparison.design import examine
from assay.stats.comparison.judgement import Arrangement
from assay.stats.comparison.question import Measurements


def side(units: int, **facts: object) -> Measurements:
    arrays = {name: None if value is None else np.asarray(value, np.int64) for name, value in facts.items()}
    return Measurements(
        durations=np.ones((units, 1, 1)),
        blocks=arrays.get("blocks"),
        starts_ns=arrays.get("starts_ns"),
        builds=arrays.get("builds"),
    )


def arrangement(before: Measurements, after: Measurements) -> Arrangement:
    return examine(before, after, despite_order=False)[0].arrangement


def test_turns_are_mixed_and_batches_are_one_after_the_other() -> None:
    even, odd = range(0, 20, 2), range(1, 20, 2)
    assert arrangement(side(10, starts_ns=even), side(10, starts_ns=odd)) is Arrangement.MIXED
    assert arrangement(side(10, starts_ns=range(10)), side(10, starts_ns=range(10, 20))) is Arrangement.SEQUENTIAL
    batches = [*range(5), *range(10, 15)], [*range(5, 10), *range(15, 20)]
    assert arrangement(side(10, starts_ns=batches[0]), side(10, starts_ns=batches[1])) is Arrangement.SEQUENTIAL


def test_without_start_times_nobody_knows() -> None:
    design, _ = examine(side(10), side(10), despite_order=False)
    assert (design.arrangement, design.sound) == (Arrangement.UNKNOWN, False)
    assert examine(side(10), side(10), despite_order=True)[0].sound


def test_an_order_drawn_by_chance_is_rarely_declined() -> None:
    source = np.random.default_rng(4)
    declined = 0
    for _ in range(400):
        order = source.permutation(24)
        declined += arrangement(side(12, starts_ns=order[:12]), side(12, starts_ns=order[12:])) is not Arrangement.MIXED
    assert declined <= 8


def test_labels_of_blocks_that_overlap_in_time_are_not_believed() -> None:
    labels = range(10)
    before = side(10, blocks=labels, starts_ns=range(0, 40, 4))
    beside = side(10, blocks=labels, starts_ns=range(2, 42, 4))
    shuffled = side(10, blocks=np.roll(np.arange(10), 4), starts_ns=range(2, 42, 4))
    assert arrangement(before, beside) is Arrangement.BLOCKS
    assert arrangement(before, shuffled) is Arrangement.SEQUENTIAL


def test_blocks_that_miss_a_side_are_left_out() -> None:
    design, replication = examine(side(8, blocks=range(8)), side(7, blocks=[1, 2, 3, 4, 5, 6, 9]), despite_order=False)
    assert design.blocks == 6
    assert replication.before.shape == (6, 8)
    assert replication.before[0].tolist() == [0, 1, 0, 0, 0, 0, 0, 0]


def test_several_units_of_a_block_are_averaged() -> None:
    _, replication = examine(side(10, blocks=np.arange(10) // 2), side(5, blocks=range(5)), despite_order=False)
    assert replication.before[1].tolist() == [0, 0, 0.5, 0.5, 0, 0, 0, 0, 0, 0]


def test_a_side_that_always_began_is_told_to_the_reader() -> None:
    labels = range(8)
    design, _ = examine(
        side(8, blocks=labels, starts_ns=range(0, 16, 2)),
        side(8, blocks=labels, starts_ns=range(1, 17, 2)),
        despite_order=False,
    )
    assert design.sound
    assert "baseline ran first" in design.caveats[0]


@pytest.mark.parametrize("builds", [5, 6])
def test_builds_that_share_blocks_become_one_observation(builds: int) -> None:
    labels = np.arange(builds * 3)
    sides = [side(len(labels), blocks=labels, builds=labels % builds) for _ in range(2)]
    design, replication = examine(*sides, despite_order=False)
    assert (design.unit, design.blocks) == ("build", builds)
    assert replication.after.sum(axis=1) == pytest.approx(np.ones(builds))
