from __future__ import annotations

import pytest

from assay.vgpu.tuning.shapes import default_shapes, shape_in
from assay.vgpu.tuning.types import DTYPES


@pytest.mark.parametrize("written", ["1x2x3", "1024x16x4096:nt", "64x64x64:tn", "64x64x64:tt"])
def test_a_shape_reads_as_it_is_written(written: str) -> None:
    shape = shape_in(written, "bf16")
    assert shape.text == written
    assert shape.dtype == "bf16"


@pytest.mark.parametrize(
    "written", ["", "1x2", "0x1x1", "1x2x3:t", "1X2X3", "99999999x1x1", "100000x100000x1", "-1x1x1"]
)
def test_what_is_no_shape_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"is no shape|is empty or has more"):
        shape_in(written, "fp32")


def test_there_are_shapes_for_every_type() -> None:
    shapes = default_shapes()
    assert {shape.dtype for shape in shapes} == set(DTYPES)
    assert len(set(shapes)) == len(shapes)
