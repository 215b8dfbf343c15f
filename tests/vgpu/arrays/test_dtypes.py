from __future__ import annotations

import itertools

import numpy as np
import pytest

import assay.vgpu as vg
from tests.vgpu.arrays.makers import ALL, FLOATS, INTEGERS

HALF_TOO = (*ALL, "float16")


@pytest.mark.parametrize(("a", "b"), list(itertools.product(HALF_TOO, HALF_TOO)))
def test_types_mix_as_in_numpy(a: str, b: str) -> None:
    expected = np.result_type(np.dtype(a), np.dtype(b)).name
    assert vg.result_type(getattr(vg, a), getattr(vg, b)).name == expected


@pytest.mark.parametrize("dtype", ALL)
@pytest.mark.parametrize("number", [1, 1.0, 1j])
def test_numbers_of_python_mix_as_in_numpy(dtype: str, number: complex) -> None:
    expected = np.result_type(np.zeros(2, dtype=dtype), number).name
    assert vg.result_type(vg.zeros(2, dtype=getattr(vg, dtype)), number).name == expected


def test_bfloat16_mixes_with_its_like() -> None:
    assert vg.result_type(vg.bfloat16, vg.float16) is vg.float32
    assert vg.result_type(vg.bfloat16, vg.int8) is vg.bfloat16
    assert vg.result_type(vg.bfloat16, vg.float64) is vg.float64


def test_nothing_but_numbers_has_no_type() -> None:
    with pytest.raises(ValueError, match="among the arguments"):
        vg.result_type(1, 2.0)
    with pytest.raises(TypeError, match="expected a number"):
        vg.result_type(vg.int8, "text")  # type: ignore[arg-type]


@pytest.mark.parametrize("dtype", [*FLOATS, "float16", "complex64", "complex128"])
def test_limits_of_floats_are_numpys(dtype: str) -> None:
    ours, theirs = vg.finfo(getattr(vg, dtype)), np.finfo(dtype)
    assert (ours.bits, ours.dtype.name) == (theirs.bits, theirs.dtype.name)
    for name in ("eps", "max", "min", "smallest_normal"):
        assert getattr(ours, name) == float(getattr(theirs, name))


@pytest.mark.parametrize("dtype", INTEGERS)
def test_limits_of_integers_are_numpys(dtype: str) -> None:
    ours, theirs = vg.iinfo(vg.zeros(1, dtype=getattr(vg, dtype))), np.iinfo(dtype)
    assert (ours.bits, ours.max, ours.min, ours.dtype.name) == (theirs.bits, theirs.max, theirs.min, dtype)


def test_limits_of_other_types_are_refused() -> None:
    with pytest.raises(ValueError, match="use iinfo"):
        vg.finfo(vg.int8)
    with pytest.raises(ValueError, match="use finfo"):
        vg.iinfo(vg.float32)
    with pytest.raises(TypeError, match="expected a data type"):
        vg.finfo(float)  # type: ignore[arg-type]


def test_kinds_of_types() -> None:
    assert vg.isdtype(vg.int8, "signed integer")
    assert vg.isdtype(vg.complex64, ("real floating", vg.complex64))
    assert not vg.isdtype(vg.bool, "numeric")
    with pytest.raises(ValueError, match="no kind 'number'"):
        vg.isdtype(vg.int8, "number")


@pytest.mark.parametrize(
    ("start", "to", "possible"),
    [
        ("int8", "int16", True), ("int16", "int8", False), ("uint8", "int16", True), ("int8", "uint16", False),
        ("float32", "float64", True), ("float64", "complex64", False), ("float32", "complex64", True),
        ("complex64", "float32", False), ("bool", "bool", True),
    ],
)  # fmt: skip
def test_casts_follow_promotion(start: str, to: str, possible: bool) -> None:
    assert vg.can_cast(getattr(vg, start), getattr(vg, to)) == possible


def test_a_type_is_printed_by_its_name() -> None:
    assert repr(vg.float32) == "assay.vgpu.float32"
