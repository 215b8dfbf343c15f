from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import assay.vgpu as vg
from tests.vgpu.arrays.makers import ALL, COMPLEXES, FLOATS, INTEGERS, NUMERIC, assert_same, layouts, made

AXES: tuple[Any, ...] = (None, 0, -1, 1, (0, 2), (1, 2), (0, 1, 2), ())


def numpys_type(dtype: str) -> str:
    return {"b": "int64", "i": "int64", "u": "uint64"}.get(np.dtype(dtype).kind, dtype)


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("dtype", NUMERIC)
def test_sums_are_numpys_along_every_axis_and_layout(dtype: str, axis: Any) -> None:
    for array in layouts(made(dtype, (4, 5, 37))):
        if axis is not None and np.ndim(array) != 3:
            continue
        assert_same(vg.sum(vg.asarray(array), axis=axis), np.sum(array, axis=axis, dtype=numpys_type(dtype)), 1e-5)


@pytest.mark.parametrize("dtype", [*FLOATS, *COMPLEXES, "int8", "uint16"])
def test_products_are_numpys(dtype: str) -> None:
    array = made(dtype, (3, 6))
    for axis in (None, 0, 1):
        assert_same(vg.prod(vg.asarray(array), axis=axis), np.prod(array, axis=axis, dtype=numpys_type(dtype)), 1e-5)


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("name", ["max", "min"])
@pytest.mark.parametrize("dtype", [*INTEGERS, *FLOATS])
def test_extremes_are_numpys(dtype: str, name: str, axis: Any) -> None:
    array = made(dtype, (4, 5, 37))
    if dtype.startswith("float"):
        array[1, 2, 3] = np.nan
    assert_same(getattr(vg, name)(vg.asarray(array), axis=axis), getattr(np, name)(array, axis=axis))


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("dtype", ALL)
def test_counts_and_truth_are_numpys(dtype: str, axis: Any) -> None:
    array = made(dtype, (3, 4, 5))
    x = vg.asarray(array)
    assert_same(vg.count_nonzero(x, axis=axis), np.asarray(np.sum(array != 0, axis=axis, dtype=np.int64)))
    assert_same(vg.any(x, axis=axis), np.asarray(np.any(array, axis=axis)))
    assert_same(vg.all(x, axis=axis), np.asarray(np.all(array, axis=axis)))


@pytest.mark.parametrize("correction", [0, 1, 0.5])
@pytest.mark.parametrize("axis", [None, 0, (0, 2)])
def test_variances_are_numpys(axis: Any, correction: float) -> None:
    array = made("float64", (4, 5, 6)) + 1e6
    x = vg.asarray(array)
    assert_same(vg.var(x, axis=axis, correction=correction), np.var(array, axis=axis, ddof=correction), 1e-9)
    assert_same(vg.std(x, axis=axis, correction=correction), np.std(array, axis=axis, ddof=correction), 1e-9)
    assert_same(vg.mean(x, axis=axis, keepdims=True), np.mean(array, axis=axis, keepdims=True), 1e-12)


@pytest.mark.parametrize("name", ["cumulative_sum", "cumulative_prod"])
@pytest.mark.parametrize("dtype", ["int8", "uint32", "float32", "complex128"])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_running_totals_are_numpys(name: str, dtype: str, axis: int) -> None:
    array = made(dtype, (3, 4, 2))
    expected = getattr(np, name)(array, axis=axis, dtype=numpys_type(dtype))
    assert_same(getattr(vg, name)(vg.asarray(array), axis=axis), expected, 1e-5)
    begun = getattr(np, name)(array, axis=axis, dtype=numpys_type(dtype), include_initial=True)
    assert_same(getattr(vg, name)(vg.asarray(array), axis=axis, include_initial=True), begun, 1e-5)


def test_of_nothing_there_is_a_sum_but_no_extreme() -> None:
    empty = vg.zeros((0, 3))
    assert_same(vg.sum(empty, axis=0), np.zeros(3))
    assert_same(vg.prod(empty), np.asarray(1.0))
    assert_same(vg.any(empty), np.asarray(False))
    assert_same(vg.all(empty), np.asarray(True))
    assert_same(vg.max(empty, axis=1), np.zeros(0))
    assert np.isnan(vg.mean(empty).item())
    with pytest.raises(ValueError, match="max: of no elements"):
        vg.max(empty)


def test_the_order_of_additions_does_not_depend_on_how_they_are_shared_out() -> None:
    array = np.random.default_rng(1).standard_normal(1 << 20).astype(np.float32)
    whole = vg.sum(vg.asarray(array)).item()
    chunks = [vg.sum_of(array[start : start + 65536]) for start in range(0, array.size, 65536)]
    total = 0.0
    for chunk in chunks:
        total += chunk
    assert whole == np.float32(total)


@pytest.mark.parametrize("shape", [(1 << 18, 3), (3, 1 << 18), (1000, 1001), (7, 5, 20001)])
def test_large_arrays_are_summed_along_every_axis(shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(2).standard_normal(shape).astype(np.float32)
    for axis in (None, *range(len(shape))):
        assert_same(
            vg.sum(vg.asarray(array), axis=axis), np.sum(array, axis=axis, dtype=np.float64).astype(np.float32), 1e-5
        )
        assert_same(vg.max(vg.asarray(array), axis=axis), np.max(array, axis=axis))


@pytest.mark.parametrize("call", [lambda x: vg.sum(x, axis=2), lambda x: vg.max(x, axis=(0, 5))])
def test_an_axis_that_is_not_there_is_named(call: Any) -> None:
    with pytest.raises(IndexError, match="there is no axis"):
        call(vg.zeros((2, 2)))


def test_an_axis_named_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="an axis is named twice"):
        vg.sum(vg.zeros((2, 2)), axis=(0, -2))


def test_what_has_no_order_has_no_extreme() -> None:
    with pytest.raises(TypeError, match="max: not defined for elements of type complex128"):
        vg.max(vg.asarray([1j]))
    with pytest.raises(TypeError, match="var, std: not defined"):
        vg.var(vg.asarray([1j]))
    with pytest.raises(ValueError, match="pass axis"):
        vg.cumulative_sum(vg.zeros((2, 2)))


def test_halves_are_summed_in_fp64() -> None:
    x = vg.full((5000,), 1.0, dtype=vg.float16)
    assert (vg.sum(x).item(), vg.sum(x).dtype.name, vg.max(x).dtype.name) == (5000.0, "float16", "float16")
