from __future__ import annotations

from dataclasses import replace

import pytest

from assay.measure.device.case import Case
from tests.measure.device.makers import make_case, make_ceilings

CASE = replace(make_case("nothing", lambda: None), precision="fp32")


@pytest.mark.parametrize(
    ("operations", "moved_bytes", "floor_s"),
    [(200, 0, 2e-9), (0, 200, 4e-9), (200, 200, 4e-9), (2000, 200, 20e-9), (0, 0, None)],
)
def test_the_floor_is_that_of_what_binds(operations: int, moved_bytes: int, floor_s: float | None) -> None:
    case: Case = replace(CASE, operations=operations, moved_bytes=moved_bytes)
    assert case.floor_s(make_ceilings()) == floor_s


def test_without_a_ceiling_there_is_no_floor() -> None:
    case = replace(CASE, operations=200)
    assert case.floor_s(make_ceilings(peak=None)) is None
    assert replace(case, precision="bf16").floor_s(make_ceilings()) is None
    assert replace(case, operations=0, moved_bytes=8, traffic="write").floor_s(make_ceilings()) is None


def test_fp16_is_computed_as_fp32() -> None:
    assert replace(CASE, precision="fp16", operations=200).floor_s(make_ceilings()) == 2e-9
