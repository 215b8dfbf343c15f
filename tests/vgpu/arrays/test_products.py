from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import assay.vgpu as vg
from tests.vgpu.arrays.makers import NUMERIC, assert_same, made

SHAPES = (
    ((3, 4), (4, 5)), ((4,), (4,)), ((4,), (4, 3)), ((3, 4), (4,)), ((2, 3, 4), (4, 5)), ((3, 4), (2, 4, 5)),
    ((2, 1, 3, 4), (5, 4, 2)), ((0, 4), (4, 3)), ((3, 0), (0, 2)), ((1, 1), (1, 1)), ((17, 33), (33, 65)),
)  # fmt: skip


@pytest.mark.parametrize(("a", "b"), SHAPES)
@pytest.mark.parametrize("dtype", NUMERIC)
def test_products_are_numpys(dtype: str, a: tuple[int, ...], b: tuple[int, ...]) -> None:
    left, right = made(dtype, a), made(dtype, b, 1)
    assert_same(vg.asarray(left) @ vg.asarray(right), left @ right, 1e-4)


@pytest.mark.parametrize("dtype", ["float32", "int16", "complex64"])
def test_views_are_multiplied_as_they_lie(dtype: str) -> None:
    a, b = made(dtype, (6, 8)), made(dtype, (10, 6), 1)
    assert_same(vg.asarray(a).T @ vg.asarray(b)[:, ::-1].T, a.T @ b[:, ::-1].T, 1e-4)
    assert_same(vg.asarray(a)[::2, ::-2] @ vg.asarray(b)[:4].T[:4], a[::2, ::-2] @ b[:4].T[:4], 1e-4)
    real = vg.real(vg.asarray(made("complex128", (4, 4))))
    assert_same(real @ real, made("complex128", (4, 4)).real @ made("complex128", (4, 4)).real, 1e-9)


def test_types_are_promoted() -> None:
    assert_same(vg.asarray([[1, 2]]) @ vg.asarray([[0.5], [1.0]]), np.asarray([[2.5]]))
    half = vg.ones((2, 3), dtype=vg.bfloat16)
    assert (half @ half.T).dtype.name == "bfloat16"


@pytest.mark.parametrize("axes", [0, 1, 2, ((0,), (1,)), ((1, 0), (0, 1))])
def test_contractions_are_numpys(axes: Any) -> None:
    a, b = made("float64", (4, 4)), made("float64", (4, 4), 1)
    assert_same(vg.tensordot(vg.asarray(a), vg.asarray(b), axes=axes), np.tensordot(a, b, axes=axes), 1e-12)


@pytest.mark.parametrize("dtype", ["int32", "float32", "complex128"])
@pytest.mark.parametrize("axis", [-1, -2])
def test_dot_products_conjugate_the_first_factor(dtype: str, axis: int) -> None:
    a, b = made(dtype, (3, 4)), made(dtype, (2, 3, 4), 1)
    assert_same(
        vg.vecdot(vg.asarray(a), vg.asarray(b), axis=axis), np.sum(np.conj(a) * b, axis=axis).astype(dtype), 1e-5
    )


@pytest.mark.parametrize(("a", "b"), [((3, 4), (3, 4)), ((), (3,)), ((3,), ()), ((2, 3, 4), (3, 4, 5))])
def test_shapes_that_have_no_product_are_named(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="matmul: shapes"):
        _ = vg.zeros(a) @ vg.zeros(b)


def test_bools_have_no_product() -> None:
    with pytest.raises(TypeError, match="matmul: not defined for elements of type bool"):
        _ = vg.asarray([True]) @ vg.asarray([True])
    with pytest.raises(ValueError, match="tensordot"):
        vg.tensordot(vg.zeros((2, 3)), vg.zeros((2, 3)), axes=1)
    with pytest.raises(ValueError, match="vecdot"):
        vg.vecdot(vg.zeros((2, 3)), vg.zeros((2, 4)))


def test_stacks_of_matrices_are_transposed_as_views() -> None:
    x = vg.asarray(made("int8", (2, 3, 4)))
    assert_same(vg.matrix_transpose(x), np.asarray(x).swapaxes(1, 2))
    assert vg.matrix_transpose(x).pointer == x.pointer
