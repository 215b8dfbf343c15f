"""Exponentials, logarithms and angles against the C library in 80 bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import assay.vgpu as vg

pytestmark = pytest.mark.skipif(np.finfo(np.longdouble).nmant < 60, reason="long double is no better than double here")

UNITS = 2.0
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
    kind = {"float32": np.uint32, "float64": np.uint64}[dtype]
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
