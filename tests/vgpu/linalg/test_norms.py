from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import assay.vgpu as vg
from tests.vgpu.linalg.test_factors import FIELDS, matrices


@pytest.mark.parametrize("dtype", FIELDS)
@pytest.mark.parametrize("order", ["fro", "nuc", 1, -1, 2, -2, vg.inf, -vg.inf])
def test_norms_of_matrices_are_those_of_numpy(dtype: str, order: Any) -> None:
    x = matrices(dtype, (2, 5, 7))
    expected: Any = np.linalg.norm(x, axis=(-2, -1), ord=order)
    found = vg.linalg.matrix_norm(vg.asarray(x), ord=order)
    assert found.dtype.name == expected.dtype
    np.testing.assert_allclose(np.asarray(found), expected, rtol=32 * float(np.finfo(dtype).eps))
    assert vg.linalg.matrix_norm(vg.asarray(x), ord=order, keepdims=True).shape == (2, 1, 1)


@pytest.mark.parametrize("dtype", FIELDS)
@pytest.mark.parametrize("order", [0, 1, 2, 3, 0.5, -1, vg.inf, -vg.inf])
def test_norms_of_vectors_are_those_of_numpy(dtype: str, order: float) -> None:
    x = matrices(dtype, (3, 4, 5))
    found = np.asarray(vg.linalg.vector_norm(vg.asarray(x), axis=1, ord=order))
    np.testing.assert_allclose(found, np.linalg.norm(x, axis=1, ord=order), rtol=32 * float(np.finfo(dtype).eps))
    whole = vg.linalg.vector_norm(vg.asarray(x), ord=order, keepdims=True)
    assert whole.shape == (1, 1, 1)
    expected = np.linalg.norm(x.ravel(), ord=order)
    np.testing.assert_allclose(np.asarray(whole).ravel(), [expected], rtol=64 * float(np.finfo(dtype).eps))


@pytest.mark.parametrize("size", [1e-200, 1.0, 1e200])
def test_squares_may_leave_the_range(size: float) -> None:
    assert vg.linalg.vector_norm(vg.asarray([3 * size, 4 * size])).item() == pytest.approx(5 * size, rel=1e-15)
    assert vg.linalg.vector_norm(vg.zeros(2)).item() == 0
    assert vg.linalg.vector_norm(vg.asarray([vg.inf, 1.0])).item() == vg.inf


@pytest.mark.parametrize("offset", [-4, -3, -1, 0, 2, 4, 9])
def test_diagonals_are_views(offset: int) -> None:
    x = vg.reshape(vg.arange(24), (2, 3, 4))
    line = vg.linalg.diagonal(x, offset=offset)
    np.testing.assert_array_equal(np.asarray(line), np.asarray(x).diagonal(offset, -2, -1))
    np.testing.assert_array_equal(np.asarray(vg.linalg.trace(x, offset=offset)), np.asarray(x).trace(offset, -2, -1))
    assert vg.linalg.trace(vg.astype(x, vg.int8), dtype=vg.float32).dtype is vg.float32
    if line.size:
        line[...] = 0
        assert x[0, max(-offset, 0), max(offset, 0)].item() == 0


def test_cross_and_outer_products_are_those_of_numpy() -> None:
    a, b = matrices("float64", (2, 3, 4)), matrices("float64", (3, 1))
    found = np.asarray(vg.linalg.cross(vg.asarray(a), vg.asarray(b), axis=-2))
    expected = np.cross(a, np.broadcast_to(b, (2, 3, 4)), axisa=-2, axisb=-2, axisc=-2)
    np.testing.assert_allclose(found, expected, atol=1e-14)
    np.testing.assert_array_equal(np.asarray(vg.linalg.outer(vg.arange(3), vg.arange(4))), np.outer(range(3), range(4)))


def test_shapes_and_types_without_meaning_are_refused() -> None:
    x = vg.zeros((2, 2))
    works: tuple[Callable[[], object], ...] = (
        lambda: vg.linalg.cross(x, x),
        lambda: vg.linalg.outer(x, x),
        lambda: vg.linalg.matrix_norm(x[0]),
        lambda: vg.linalg.diagonal(x[0]),
        lambda: vg.linalg.matrix_norm(x, ord=3),
    )
    for work in works:
        with pytest.raises(ValueError, match=r"cross|outer|matrix_norm|diagonal"):
            work()
    with pytest.raises(TypeError, match="vector_norm"):
        vg.linalg.vector_norm(vg.arange(3))
