from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import assay.vgpu as vg
from tests.vgpu.arrays.makers import (
    ALL,
    COMPLEXES,
    FLOATS,
    INTEGERS,
    NUMERIC,
    SHAPES,
    assert_same,
    layouts,
    made,
    special,
)

NUMPY_NAMES = {"bitwise_left_shift": "left_shift", "bitwise_right_shift": "right_shift"}
TOLERANCE = {"float32": 1e-6, "complex64": 1e-5, "float64": 1e-13, "complex128": 1e-12}


def numpys(name: str) -> Any:
    return getattr(np, NUMPY_NAMES.get(name, name))


@pytest.mark.parametrize("dtype", NUMERIC)
@pytest.mark.parametrize("name", ["add", "subtract", "multiply"])
@pytest.mark.parametrize("shape", SHAPES)
def test_arithmetic_is_numpys_for_every_shape_and_layout(name: str, dtype: str, shape: tuple[int, ...]) -> None:
    for a, b in zip(layouts(made(dtype, shape)), layouts(made(dtype, shape, 1)), strict=True):
        assert_same(getattr(vg, name)(vg.asarray(a), vg.asarray(b)), numpys(name)(a, b))


@pytest.mark.parametrize("dtype", ALL)
@pytest.mark.parametrize("name", ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal"])
def test_comparisons_are_numpys(name: str, dtype: str) -> None:
    if dtype in COMPLEXES and name not in {"equal", "not_equal"}:
        with pytest.raises(TypeError, match=f"{name}: not defined for elements of type {dtype}"):
            getattr(vg, name)(vg.asarray(made(dtype, (3,))), vg.asarray(made(dtype, (3,))))
        return
    for a, b in zip(layouts(made(dtype, (5, 33))), layouts(made(dtype, (5, 33), 1)), strict=True):
        assert_same(getattr(vg, name)(vg.asarray(a), vg.asarray(b)), numpys(name)(a, b))


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize(
    "name",
    ["bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift", "maximum", "minimum"],
)
def test_operations_of_integers_are_numpys(name: str, dtype: str) -> None:
    a, b = made(dtype, (7, 40)), np.abs(made(dtype, (7, 40), 1))
    assert_same(getattr(vg, name)(vg.asarray(a), vg.asarray(b)), numpys(name)(a, b))


@pytest.mark.parametrize("dtype", [*INTEGERS, *FLOATS])
@pytest.mark.parametrize("name", ["floor_divide", "remainder"])
def test_division_with_remainder_is_numpys(name: str, dtype: str) -> None:
    a, b = made(dtype, (200,)), made(dtype, (200,), 1)
    b[b == 0] = 3
    assert_same(getattr(vg, name)(vg.asarray(a), vg.asarray(b)), numpys(name)(a, b))


@pytest.mark.parametrize("name", ["floor_divide", "remainder"])
@pytest.mark.parametrize("dtype", INTEGERS)
def test_division_of_integers_by_zero_and_of_the_lowest_by_minus_one_ends_nothing(name: str, dtype: str) -> None:
    limits = np.iinfo(dtype)
    line = np.asarray([limits.min, limits.max, 0, 1], dtype=dtype)
    assert_same(getattr(vg, name)(vg.asarray(line), vg.asarray(np.zeros_like(line))), np.zeros_like(line))
    if dtype.startswith("i"):
        with np.errstate(over="ignore"):
            assert_same(getattr(vg, name)(vg.asarray(line), -1), numpys(name)(line, np.asarray(-1, dtype=dtype)))


@pytest.mark.parametrize("dtype", [*FLOATS, *COMPLEXES])
@pytest.mark.parametrize("name", ["divide", "pow"])
def test_quotients_and_powers_are_numpys(name: str, dtype: str) -> None:
    a, b = made(dtype, (100,)), made(dtype, (100,), 1)
    a[a == 0], b[b == 0] = 1, 2
    with np.errstate(invalid="ignore"):
        assert_same(getattr(vg, name)(vg.asarray(a), vg.asarray(b)), numpys(name)(a, b), TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize(
    "name",
    ["add", "multiply", "divide", "maximum", "minimum", "atan2", "hypot", "copysign", "nextafter", "logaddexp", "pow"],
)
def test_special_numbers_meet_as_in_numpy(name: str, dtype: str) -> None:
    a = special(dtype)
    with np.errstate(all="ignore"):
        assert_same(getattr(vg, name)(vg.asarray(a), vg.asarray(a.T)), numpys(name)(a, a.T), TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize(
    "name",
    [
        *["acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "exp", "expm1", "floor"],
        *["isfinite", "isinf", "isnan", "log", "log10", "log1p", "log2", "negative", "reciprocal", "round"],
        *["sign", "signbit", "sin", "sinh", "sqrt", "square", "tan", "tanh", "trunc", "abs"],
    ],
)
def test_functions_of_one_real_array_are_numpys(name: str, dtype: str) -> None:
    reals = np.concatenate([special(dtype).ravel(), made(dtype, (50,)), made(dtype, (50,)) / 10])
    function = getattr(np, "rint" if name == "round" else name)
    with np.errstate(all="ignore"):
        for array in (reals, reals[::-2]):
            assert_same(getattr(vg, name)(vg.asarray(array)), function(array), TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", COMPLEXES)
@pytest.mark.parametrize(
    "name",
    [
        *["abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "conj", "cos", "cosh", "exp", "expm1", "log"],
        *["log10", "log1p", "log2", "negative", "reciprocal", "sign", "sin", "sinh", "sqrt", "square", "tan", "tanh"],
    ],
)
def test_functions_of_one_complex_array_are_numpys(name: str, dtype: str) -> None:
    array = made(dtype, (60,)) / 8 + (0.3 + 0.2j)
    array = array.astype(dtype)
    assert_same(getattr(vg, name)(vg.asarray(array)), getattr(np, name)(array), 4 * TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("name", ["abs", "bitwise_invert", "ceil", "floor", "negative", "sign", "square", "trunc"])
def test_functions_of_one_array_of_integers_keep_the_type(name: str, dtype: str) -> None:
    array = made(dtype, (41,))
    assert_same(getattr(vg, name)(vg.asarray(array)), getattr(np, name)(array).astype(dtype))


def test_integers_become_fp64_where_only_fractions_make_sense() -> None:
    assert_same(vg.asarray([1, 2, 3]) / 2, np.asarray([0.5, 1.0, 1.5]))
    assert_same(vg.sqrt(vg.asarray([1, 4], dtype=vg.int8)), np.asarray([1.0, 2.0]))


@pytest.mark.parametrize("name", ["logical_and", "logical_or", "logical_xor", "bitwise_and", "bitwise_or"])
def test_logic_is_of_bools(name: str) -> None:
    a, b = made("bool", (50,)), made("bool", (50,), 1)
    assert_same(getattr(vg, name)(vg.asarray(a), vg.asarray(b)), numpys(name)(a, b))
    assert_same(vg.logical_not(vg.asarray(a)), ~a)
    assert_same(~vg.asarray(a), ~a)


@pytest.mark.parametrize("call", [lambda x: x + x, lambda x: -x, vg.sqrt, lambda x: x * True])
def test_arithmetic_of_bools_is_refused(call: Any) -> None:
    with pytest.raises(TypeError, match="not defined for elements of type bool"):
        call(vg.asarray([True, False]))


@pytest.mark.parametrize(("a", "b"), [((3, 1), (1, 4)), ((2, 3, 4), (4,)), ((), (5,)), ((0, 3), (1, 3)), ((1,), (7,))])
def test_shapes_are_broadcast_as_in_numpy(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    left, right = made("float64", a), made("float64", b, 1)
    assert_same(vg.asarray(left) + vg.asarray(right), left + right)
    assert_same(vg.asarray(right) - vg.asarray(left), right - left)


def test_shapes_that_do_not_fit_are_named() -> None:
    with pytest.raises(ValueError, match=r"add: shapes \(2, 3\) and \(4,\) can't be broadcast together"):
        _ = vg.zeros((2, 3)) + vg.zeros((4,))


@pytest.mark.parametrize("dtype", NUMERIC)
def test_numbers_of_python_take_on_the_arrays_type(dtype: str) -> None:
    array = made(dtype, (9,))
    assert_same(vg.asarray(array) + 3, array + 3)
    assert_same(3 - vg.asarray(array), (3 - array) if not dtype.startswith("u") else np.asarray(3, dtype=dtype) - array)
    assert_same(vg.asarray(array) * 2.5, array * 2.5)
    assert_same(vg.asarray(array) + 1j, array + 1j)


def test_a_number_out_of_range_is_refused() -> None:
    with pytest.raises(OverflowError, match="out of the range of uint8"):
        _ = vg.asarray([1], dtype=vg.uint8) + 256


@pytest.mark.parametrize("other", ["text", object(), None, [1, 2]])
def test_what_is_no_number_is_left_to_others(other: Any) -> None:
    with pytest.raises(TypeError):
        _ = vg.asarray([1.0, 2.0]) + other


def test_operators_in_place_write_into_the_memory() -> None:
    memory = np.arange(6.0)
    array = vg.asarray(memory)
    array += 1
    array *= vg.asarray([2.0])
    np.testing.assert_array_equal(memory, (np.arange(6.0) + 1) * 2)
    array[1:] += array[:-1]
    np.testing.assert_array_equal(memory, [2, 6, 10, 14, 18, 22])
    with pytest.raises(TypeError, match="can't hold the result"):
        array += 1j
    with pytest.raises(ValueError, match="can't hold a result that is broadcast"):
        array += vg.zeros((2, 6))


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_halves_are_computed_in_fp32(name: str) -> None:
    array = vg.asarray([1.0, 2.5, -3.0, 1e-3], dtype=getattr(vg, name))
    assert (array + array).dtype.name == name
    assert vg.astype(array * 2, vg.float32).tolist()[:3] == [2.0, 5.0, -6.0]
    assert vg.exp(array).dtype.name == name


def test_fp16_is_converted_as_numpy_does() -> None:
    line = np.concatenate([special("float32").ravel(), np.geomspace(1e-9, 1e6, 500, dtype=np.float32)])
    with np.errstate(over="ignore"):
        expected = line.astype(np.float16)
    assert_same(vg.astype(vg.asarray(line), vg.float16), expected)
    every = np.arange(65536, dtype=np.uint16).view(np.float16)
    assert_same(vg.astype(vg.asarray(every), vg.float32), every.astype(np.float32))


def test_bfloat16_is_rounded_to_nearest_even() -> None:
    line = vg.astype(vg.asarray([1.0, 1.00390625, 1.01171875, 3.3e38, float("nan")], dtype=vg.float32), vg.bfloat16)
    assert str(vg.astype(line, vg.float32).tolist()) == "[1.0, 1.0, 1.015625, 3.2964854295465914e+38, nan]"


def test_clip_and_where_are_numpys() -> None:
    array = made("float32", (4, 9))
    assert_same(vg.clip(vg.asarray(array), -1, 2), np.clip(array, -1, 2))
    assert_same(vg.clip(vg.asarray(array)), array)
    assert_same(vg.where(vg.asarray(array > 0), vg.asarray(array), 0.5), np.where(array > 0, array, np.float32(0.5)))
    assert_same(vg.where(vg.asarray([True, False]), vg.asarray([[1], [2]]), 7), np.asarray([[1, 7], [2, 7]]))


def test_parts_of_complex_numbers_are_views() -> None:
    array = vg.asarray(made("complex128", (3, 4)))
    vg.imag(array)[:] = 7.0
    assert set(vg.imag(array * 1).tolist()[0]) == {7.0}
    assert_same(vg.real(array), np.asarray(array).real)


def test_large_arrays_are_shared_out_without_a_difference() -> None:
    array = np.random.default_rng(0).standard_normal((513, 1027)).astype(np.float32)
    x = vg.asarray(array)
    assert_same(x * x + x, array * array + array)
    assert_same(x.T + x.T, array.T + array.T)
    assert_same(x[:, ::2] - x[:, 1::2][:, :1], array[:, ::2] - array[:, 1::2][:, :1])


# Units in the last place, against the C library in 80 bits.
UNITS = 3.0 if vg.core_info().isa == "portable" else 2.0  # what the C library allows itself
SPECIAL = [0.0, np.inf, np.nan, 1.0, 0.5, 2.0, 5e-324, 1e-310, 1e308, 1e-300, 88.7, 103.0, 700.0, 709.8, 745.0, 746.0]
SPECIAL += [0.41421356, 2.41421356, 0.70710678, 1e22, 2.0**20, 1 + 2.0**-52, 1 - 2.0**-53, 1e-40, 3e38]
NUMPY = {
    "acos": "arccos", "acosh": "arccosh", "asin": "arcsin", "asinh": "arcsinh", "atan": "arctan", "atanh": "arctanh",
    "atan2": "arctan2", "pow": "power",
}  # fmt: skip
RANGES: dict[str, list[tuple[float, float]]] = {
    "acos": [(-1, 1), (0.99, 1)],
    "acosh": [(1, 3), (1, 1000)],
    "asin": [(-1, 1), (-1e-3, 1e-3)],
    "asinh": [(-1, 1), (-100, 100)],
    "atan": [(-3, 3), (-1e5, 1e5)],
    "atanh": [(-1, 1), (-1e-3, 1e-3)],
    "cos": [(-7, 7), (-1e6, 1e6)],
    "cosh": [(-1, 1), (-700, 700)],
    "exp": [(-1, 1), (-740, 700)],
    "expm1": [(-1e-3, 1e-3), (-40, 700)],
    "log": [(0, 2), (0, 1e30)],
    "log10": [(0, 2), (0.99, 1.01)],
    "log1p": [(-1, 1), (-1e-3, 1e-3)],
    "log2": [(0, 2), (0.99, 1.01)],
    "sin": [(-7, 7), (-1e6, 1e6)],
    "sinh": [(-1, 1), (-700, 700)],
    "tan": [(-7, 7), (-1e6, 1e6)],
    "tanh": [(-1, 1), (-20, 20)],
}
PAIRS: dict[str, list[tuple[float, float]]] = {
    "atan2": [(-10, 10), (-10, 10)],
    "hypot": [(-10, 10), (-10, 10)],
    "pow": [(0, 10), (-50, 50)],
}


def bits(dtype: str, seed: int) -> Any:
    """Any pattern of bits is a number, mostly very large or very small."""
    kind: Any = {"float32": np.uint32, "float64": np.uint64}[dtype]
    return np.random.default_rng(seed).integers(0, np.iinfo(kind).max, 20_000, dtype=kind).view(dtype)


def units_off(found: Any, exact: Any) -> float:
    """The largest distance in units of the last place; endless where NaN, infinities or the sign of zeros differ."""
    nearest = exact.astype(found.dtype)
    with np.errstate(all="ignore"):
        off = np.abs(found.astype(np.longdouble) - exact) / np.spacing(np.abs(nearest)).astype(np.longdouble)
    same = (np.isnan(found) & np.isnan(nearest)) | (found == nearest)
    off = np.where(np.isfinite(nearest), off, np.where(same, 0, np.inf))
    zero = (nearest == 0) & (found == 0)
    return float(np.max(np.where(zero & (np.signbit(nearest) != np.signbit(found)), np.inf, off)))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", RANGES)
def test_functions_are_right_to_two_units_in_the_last_place(name: str, dtype: str) -> None:
    generator = np.random.default_rng(0)
    values = [generator.uniform(*one, 20_000).astype(dtype) for one in RANGES[name]]
    with np.errstate(all="ignore"):
        special = np.array([*SPECIAL, *(-one for one in SPECIAL)]).astype(dtype)
        for x in (*values, special, bits(dtype, 1)):
            exact = getattr(np, NUMPY.get(name, name))(x.astype(np.longdouble))
            found = np.asarray(getattr(vg, name)(vg.asarray(x)))
            assert found.dtype == x.dtype
            assert units_off(found, exact) <= UNITS


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", PAIRS)
def test_functions_of_two_numbers_are_too(name: str, dtype: str) -> None:
    generator = np.random.default_rng(0)
    first, second = (generator.uniform(*one, 20_000).astype(dtype) for one in PAIRS[name])
    with np.errstate(all="ignore"):
        special = np.array([*SPECIAL, *(-one for one in SPECIAL), -3, -4, -2.5]).astype(dtype)
        crossed = [one.ravel() for one in np.meshgrid(special, special)]
        for x, y in ((first, second), (first - 5, np.round(second)), crossed, (bits(dtype, 1), bits(dtype, 2))):
            exact = getattr(np, NUMPY.get(name, name))(x.astype(np.longdouble), y.astype(np.longdouble))
            assert units_off(np.asarray(getattr(vg, name)(vg.asarray(x), vg.asarray(y))), exact) <= UNITS


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_scattered_elements_give_what_neighbouring_ones_do(dtype: str) -> None:
    x = np.random.default_rng(0).uniform(0.1, 3, (37, 41)).astype(dtype)
    straight = np.asarray(vg.exp(vg.asarray(x)))
    np.testing.assert_array_equal(np.asarray(vg.exp(vg.asarray(x).T)).T, straight)
    np.testing.assert_array_equal(np.asarray(vg.exp(vg.asarray(x)[::-2, ::3])), straight[::-2, ::3])
    for count in range(20):
        np.testing.assert_array_equal(np.asarray(vg.exp(vg.asarray(x[0, :count].copy()))), straight[0, :count])
    power = vg.asarray(x) ** 2.5
    np.testing.assert_array_equal(
        np.asarray(power), np.asarray(vg.pow(vg.asarray(x), vg.full(x.shape, 2.5, dtype=getattr(vg, dtype))))
    )


def test_log_of_sums_of_exponentials_never_overflows() -> None:
    a = np.array([-3.0, 1000, -1000, np.inf, -np.inf, np.nan, 0, -np.inf])
    b = np.array([2.0, 1001, -1001, 1, -np.inf, 1, 0, 3])
    with np.errstate(invalid="ignore"):
        expected = np.logaddexp(a, b)
    np.testing.assert_allclose(np.asarray(vg.logaddexp(vg.asarray(a), vg.asarray(b))), expected, rtol=1e-15)
