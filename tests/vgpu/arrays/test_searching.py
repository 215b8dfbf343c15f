from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import assay.vgpu as vg
from tests.vgpu.arrays.makers import ALL, COMPLEXES, FLOATS, INTEGERS, assert_same, made

ORDERED = ("bool", *INTEGERS, *FLOATS)


@pytest.mark.parametrize("length", [0, 1, 2, 255, 256, 257, 5000])
@pytest.mark.parametrize("dtype", ORDERED)
def test_sorting_is_numpys_at_every_length(dtype: str, length: int) -> None:
    array = made(dtype, (2, length))
    x = vg.asarray(array)
    assert_same(vg.sort(x), np.sort(array))
    assert_same(vg.argsort(x), np.argsort(array, stable=True))
    assert_same(vg.sort(x, axis=0), np.sort(array, axis=0))
    assert_same(vg.sort(x, descending=True), np.sort(array)[:, ::-1])


@pytest.mark.parametrize("dtype", ["int64", "uint64", "float64", "float32", "int16"])
def test_numbers_of_every_size_are_sorted(dtype: str) -> None:
    generator = np.random.default_rng(4)
    array = generator.integers(0, 256, 4000 * np.dtype(dtype).itemsize, dtype=np.uint8).view(dtype)
    assert_same(vg.sort(vg.asarray(array)), np.sort(array))


@pytest.mark.parametrize("length", [30, 200, 3000])
@pytest.mark.parametrize("near", [1, 10, 1000])
def test_numbers_that_differ_in_their_last_digits_alone_have_places(length: int, near: int) -> None:
    generator = np.random.default_rng(near)
    array = generator.integers(1, max(2, length // near), length) + generator.integers(0, 3, length) * 2.0**-38
    assert_same(vg.argsort(vg.asarray(array)), np.argsort(array, stable=True))
    assert_same(vg.argsort(vg.asarray(-array)), np.argsort(-array, stable=True))


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("length", [20, 600])
@pytest.mark.parametrize("descending", [True, False])
def test_nan_is_last_and_equals_keep_their_order(dtype: str, length: int, descending: bool) -> None:
    array = np.resize(np.asarray([0.0, np.nan, -0.0, np.inf, 1.0, -np.inf, -1.0], dtype=dtype), length)
    places = np.asarray(vg.argsort(vg.asarray(array), descending=descending))
    line = array[places]
    known = line[~np.isnan(line)]
    assert np.all(known[:-1] >= known[1:] if descending else known[:-1] <= known[1:])
    assert np.isnan(line[known.size :]).all()
    equal = (line[:-1] == line[1:]) | (np.isnan(line[:-1]) & np.isnan(line[1:]))
    assert np.all(np.diff(places)[equal] > 0)
    assert_same(vg.sort(vg.asarray(array), descending=descending), line)


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("name", ["argmax", "argmin"])
@pytest.mark.parametrize("dtype", [*INTEGERS, *FLOATS])
def test_places_of_extremes_are_numpys(dtype: str, name: str, axis: int | None) -> None:
    array = made(dtype, (6, 7, 5))
    if dtype.startswith("float"):
        array[2, 3, 1] = np.nan
    for keepdims in (False, True):
        expected = getattr(np, name)(array, axis=axis, keepdims=keepdims)
        assert_same(getattr(vg, name)(vg.asarray(array), axis=axis, keepdims=keepdims), expected)


@pytest.mark.parametrize("shape", [(0,), (9,), (3, 4), (2, 0, 3), (2, 3, 4)])
@pytest.mark.parametrize("dtype", ALL)
def test_places_of_what_is_not_zero_are_numpys(dtype: str, shape: tuple[int, ...]) -> None:
    array = made(dtype, shape)
    for ours, theirs in zip(vg.nonzero(vg.asarray(array)), np.nonzero(array), strict=True):
        assert_same(ours, theirs)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("dtype", ORDERED)
def test_places_in_a_sorted_line_are_numpys(dtype: str, side: Any) -> None:
    line, values = np.sort(made(dtype, (50,))), made(dtype, (4, 30), 2)
    assert_same(vg.searchsorted(vg.asarray(line), vg.asarray(values), side=side), np.searchsorted(line, values, side))
    order = np.random.default_rng(0).permutation(50)
    shuffled = np.empty_like(line)
    shuffled[order] = line
    found = vg.searchsorted(vg.asarray(shuffled), vg.asarray(values), side=side, sorter=vg.asarray(order))
    assert_same(found, np.searchsorted(line, values, side))


@pytest.mark.parametrize("shape", [(0,), (1,), (300,), (6, 9)])
@pytest.mark.parametrize("dtype", ALL)
def test_distinct_values_are_numpys(dtype: str, shape: tuple[int, ...]) -> None:
    array = made(dtype, shape)
    found = vg.unique_all(vg.asarray(array))
    expected = np.unique_all(array)
    for ours, theirs in zip(found, expected, strict=True):
        assert_same(ours, theirs)
    assert_same(vg.unique_values(vg.asarray(array)), expected.values)
    assert_same(vg.unique_counts(vg.asarray(array)).counts, expected.counts)
    assert_same(vg.unique_inverse(vg.asarray(array)).inverse_indices, expected.inverse_indices)


def test_every_nan_is_a_value_of_its_own() -> None:
    assert vg.unique_counts(vg.asarray([np.nan, 1.0, np.nan])).counts.tolist() == [1, 1, 1]


@pytest.mark.parametrize("invert", [True, False])
@pytest.mark.parametrize("dtype", ["int32", "float64", *COMPLEXES])
def test_membership_is_numpys(dtype: str, invert: bool) -> None:
    array, values = made(dtype, (5, 8)), made(dtype, (6,), 9)
    assert_same(vg.isin(vg.asarray(array), vg.asarray(values), invert=invert), np.isin(array, values, invert=invert))
    assert_same(vg.isin(vg.asarray(array), 3, invert=invert), np.isin(array, 3, invert=invert))
    assert_same(vg.isin(vg.asarray(array), vg.asarray(values[:0])), np.zeros(array.shape, dtype=bool))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_taking_is_numpys(axis: int) -> None:
    array, places = made("float32", (4, 5, 3)), np.asarray([0, -1, 2])
    assert_same(vg.take(vg.asarray(array), vg.asarray(places), axis=axis), np.take(array, places, axis=axis))
    order = np.argsort(array, axis=axis)
    taken = vg.take_along_axis(vg.asarray(array), vg.asarray(order), axis=axis)
    assert_same(taken, np.take_along_axis(array, order, axis=axis))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: vg.argmax(vg.zeros((0,))), "of no elements"),
        (lambda: vg.nonzero(vg.asarray(1)), "no dimensions"),
        (lambda: vg.searchsorted(vg.zeros((2, 2)), 1.0), "one sorted axis"),
        (lambda: vg.searchsorted(vg.zeros((2,)), 1.0, side="middle"), "'left' or 'right'"),  # type: ignore[arg-type]
        (lambda: vg.take(vg.zeros((2, 2)), vg.asarray([0])), "say which by axis"),
        (lambda: vg.take_along_axis(vg.zeros((2, 2)), vg.asarray([0])), "expected 2 axes"),
    ],
)
def test_what_can_not_be_searched_is_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_complex_numbers_have_no_order() -> None:
    with pytest.raises(TypeError, match="have no order"):
        vg.sort(vg.asarray([1j]))


def lines_to_sort(dtype: str, count: int) -> list[Any]:
    """Orders that a sort by pivots finds hard, and easy ones."""
    generator = np.random.default_rng(count)
    ascending = np.arange(count) % 120
    rising = np.sort(generator.integers(0, 120, count))
    orders: list[Any] = [
        generator.integers(0, 120, count), generator.integers(0, 2, count), np.zeros(count), ascending, rising,
        rising[::-1], np.concatenate([rising[::2], rising[1::2][::-1]]), np.where(ascending == 7, 100, ascending),
    ]  # fmt: skip
    lines = [order.astype(dtype) for order in orders]
    if dtype.startswith("float"):
        lines.append(generator.standard_normal(count).astype(dtype))
        lines.append(np.where(generator.integers(0, 3, count) == 0, np.nan, lines[-1]).astype(dtype))
    else:
        limits = np.iinfo(dtype)
        lines.append(generator.integers(limits.min, limits.max, count, dtype=dtype, endpoint=True))
    return lines


@pytest.mark.parametrize("dtype", [*INTEGERS, *FLOATS])
@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 16, 31, 33, 64, 65, 96, 97, 127, 129, 257, 1000, 20_000])
def test_lines_of_any_length_and_order_are_sorted(dtype: str, count: int) -> None:
    for line in lines_to_sort(dtype, count):
        assert_same(vg.sort(vg.asarray(line)), np.sort(line))
        assert_same(vg.argsort(vg.asarray(line)), np.argsort(line, kind="stable"))
        falling = np.asarray(vg.sort(vg.asarray(line), descending=True))
        numbers = np.sort(line[~np.isnan(line.astype(float))])[::-1]
        np.testing.assert_array_equal(falling[: numbers.size], numbers)
        assert np.isnan(falling[numbers.size :].astype(float)).all()


@pytest.mark.parametrize("dtype", ["int32", "float64"])
def test_long_lines_are_sorted_by_several_threads(dtype: str) -> None:
    line = np.random.default_rng(0).integers(-(2**31), 2**31, 300_000).astype(dtype)
    assert_same(vg.sort(vg.asarray(line)), np.sort(line))
    assert_same(vg.argsort(vg.asarray(line)), np.argsort(line, kind="stable"))


@pytest.mark.parametrize("dtype", ["int32", "float64"])
def test_the_first_extreme_of_a_long_line_is_found(dtype: str) -> None:
    line = np.random.default_rng(0).integers(-1000, 1000, 700_000).astype(dtype)
    for places in ([], [300_000, 600_000], [699_999], [0]):
        line[places] = 5000
        assert vg.argmax(vg.asarray(line)).item() == np.argmax(line)
        line[places] = -5000
        assert vg.argmin(vg.asarray(line)).item() == np.argmin(line)
        line[places] = 0
    if dtype == "float64":
        line[[400_000, 650_000]] = np.nan
        assert vg.argmax(vg.asarray(line)).item() == vg.argmin(vg.asarray(line)).item() == 400_000
