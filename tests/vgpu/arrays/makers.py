"""NumPy arrays of every type and layout, for tests of vGPU arrays against NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

import assay.vgpu as vg

INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
FLOATS = ("float32", "float64")
COMPLEXES = ("complex64", "complex128")
NUMERIC = (*INTEGERS, *FLOATS, *COMPLEXES)
ALL = ("bool", *NUMERIC)
SHAPES = ((), (0,), (1,), (7,), (33,), (3, 5), (0, 4), (2, 1, 3), (2, 3, 4, 5), (300,))
NumPy = np.ndarray[Any, np.dtype[Any]]


def made(dtype: str, shape: tuple[int, ...], seed: int = 0) -> NumPy:
    """Small numbers of either sign, zeros among them."""
    generator = np.random.default_rng(seed + len(shape))
    numbers: Any = generator.integers(-9, 10, shape)
    if dtype == "bool":
        return np.asarray(numbers > 0)
    if dtype.startswith("u"):
        numbers = np.abs(numbers)
    if dtype.startswith(("float", "complex")):
        numbers = numbers + generator.integers(0, 4, shape) / 4
    if dtype.startswith("complex"):
        numbers = numbers + 1j * generator.integers(-9, 10, shape)
    return np.asarray(numbers).astype(dtype)


def special(dtype: str) -> NumPy:
    """Numbers that arithmetic treats specially, each beside each of the others, in a matrix."""
    line = np.asarray([0.0, -0.0, 1.0, -1.5, np.inf, -np.inf, np.nan, 2.5, -3.0], dtype=dtype)
    return np.broadcast_to(line, (line.size, line.size)).copy()


def layouts(array: NumPy) -> list[NumPy]:
    """The array as it is, transposed, reversed, with gaps, and broadcast."""
    found = [array, array.T, array[..., ::-1] if array.ndim else array]
    if array.ndim:
        found.append(np.repeat(array, 2, axis=-1)[..., ::2])
        found.append(np.broadcast_to(array, (2, *array.shape)).copy()[::-1])
    return found


def assert_same(actual: vg.Array, expected: Any, tolerance: float = 0.0) -> None:
    """Shape, type and every element; NaN equals NaN."""
    wanted = np.asarray(expected)
    assert actual.shape == wanted.shape
    assert actual.dtype.name == wanted.dtype.name
    if tolerance and wanted.dtype.kind in "fc":
        np.testing.assert_allclose(np.asarray(actual), wanted, rtol=tolerance, atol=tolerance)
    else:
        np.testing.assert_array_equal(np.asarray(actual), wanted)
