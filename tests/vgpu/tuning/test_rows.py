from __future__ import annotations

import pytest

import assay.vgpu as vg
from assay.vgpu.runtime.native import native
from assay.vgpu.tuning.rows import KEY_WIDTH, choice_in, key_of, least_size, rows_of
from assay.vgpu.tuning.types import RULES, Choice, Shape

pytestmark = pytest.mark.skipif(vg.core_info().core == "python", reason="no native core")

SHAPE = Shape(dtype="bf16", m=100, n=200, k=300, b_transposed=True)


def test_the_rules_take_no_row() -> None:
    assert rows_of(SHAPE, 2, RULES) == []


def test_a_cut_of_k_holds_for_any_number_of_workers() -> None:
    shared, cut = rows_of(SHAPE, 2, Choice(block_rows=84, path="packed", k_bytes=1024))
    assert shared[:KEY_WIDTH] == key_of(SHAPE, 2)
    assert choice_in(shared) == Choice(block_rows=84, path="packed")
    assert cut[:KEY_WIDTH] == key_of(SHAPE, 0)
    assert choice_in(cut) == Choice(k_bytes=1024)
    assert [row[KEY_WIDTH - 1] for row in rows_of(SHAPE, 2, Choice(k_bytes=1024))] == [0]


@pytest.mark.parametrize("size", [1, 2, 3, 64, 1000, 1 << 20])
def test_a_class_begins_at_its_least_size(size: int) -> None:
    size_class = native.gemm_size_class(size)
    assert least_size(size_class) <= size
    assert native.gemm_size_class(least_size(size_class)) == size_class
