from __future__ import annotations

import pytest

from assay.vgpu.tuning.candidates import stages
from assay.vgpu.tuning.types import RULES, Choice, Shape


def names(shape: Shape, workers: int, earlier: Choice = RULES) -> set[str]:
    return {stage.name for stage in stages(shape, workers, earlier) if stage.changes}


def test_what_can_make_no_difference_is_not_tried() -> None:
    small = Shape(dtype="fp32", m=30, n=30, k=30)
    assert names(small, 1) == {"path"}
    assert names(Shape(dtype="int8", m=30, n=30, k=30), 1) == set()
    assert names(Shape(dtype="fp32", m=30, n=30, k=30, b_transposed=True), 1) == set()
    assert names(Shape(dtype="fp32", m=5000, n=5000, k=5000), 1) == {"block", "group", "k"}
    assert names(Shape(dtype="fp32", m=5000, n=5000, k=5000), 2) == {"cut", "block", "group", "k"}
    assert "earlier" in names(small, 1, Choice(block_rows=42))


@pytest.mark.parametrize("workers", [2, 3, 64])
def test_every_worker_has_a_task_unless_the_product_is_left_to_one(workers: int) -> None:
    cut = next(
        stage for stage in stages(Shape(dtype="fp64", m=9000, n=9000, k=9), workers, RULES) if stage.name == "cut"
    )
    counts = [change["cut_rows"] * change["cut_columns"] for change in cut.changes]
    assert counts[0] == 1
    assert all(count % workers == 0 for count in counts[1:])


def test_the_best_so_far_competes_with_each_value() -> None:
    best = Choice(cut_rows=2, cut_columns=1)
    shape = Shape(dtype="fp32", m=5000, n=5000, k=5000)
    for stage in stages(shape, 2, RULES):
        assert stage.candidates(best)[0] == best
        assert len(set(stage.candidates(best))) == len(stage.candidates(best))
