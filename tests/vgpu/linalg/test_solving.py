from __future__ import annotations

import numpy as np
import pytest

import assay.vgpu as vg
from tests.vgpu.linalg.test_factors import FIELDS, SHAPES, SQUARE, adjoint, assert_near, matrices


@pytest.mark.parametrize("dtype", FIELDS)
@pytest.mark.parametrize("shape", SQUARE)
def test_a_matrix_times_its_solution_is_the_right_side(dtype: str, shape: tuple[int, ...]) -> None:
    size = shape[-1]
    x = matrices(dtype, shape) / max(size, 1) + np.eye(size, dtype=dtype)
    right = matrices(dtype, (*shape[:-1], 3))
    assert_near(x @ np.asarray(vg.linalg.solve(vg.asarray(x), vg.asarray(right))), right, dtype)
    line = matrices(dtype, (size,))
    solution = np.asarray(vg.linalg.solve(vg.asarray(x), vg.asarray(line)))
    assert_near((x @ solution[..., None])[..., 0], np.broadcast_to(line, shape[:-1]), dtype)
    assert_near(np.asarray(vg.linalg.inv(vg.asarray(x))) @ x, np.broadcast_to(np.eye(size), shape), dtype)


def test_right_sides_are_broadcast() -> None:
    x, right = matrices("float64", (4, 1, 3, 3)) + 4 * np.eye(3), matrices("float32", (5, 3, 2))
    found = np.asarray(vg.linalg.solve(vg.asarray(x), vg.asarray(right)))
    np.testing.assert_allclose(found, np.linalg.solve(x, np.broadcast_to(right, (4, 5, 3, 2))), rtol=1e-12)


@pytest.mark.parametrize("dtype", FIELDS)
@pytest.mark.parametrize("shape", SQUARE)
def test_determinants_are_those_of_numpy(dtype: str, shape: tuple[int, ...]) -> None:
    x = matrices(dtype, shape) / np.sqrt(max(shape[-1], 1)).astype("float32")
    exact = np.linalg.slogdet(x.astype(np.result_type(dtype, "float64")))
    value = np.asarray(vg.linalg.det(vg.asarray(x)))
    assert value.dtype == dtype
    tolerance = 1e4 * float(np.finfo(dtype).eps)
    np.testing.assert_allclose(value, exact[0] * np.exp(exact[1]), rtol=tolerance)
    sign, logarithm = vg.linalg.slogdet(vg.asarray(x))
    np.testing.assert_allclose(np.asarray(sign), exact[0], rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(np.asarray(logarithm), exact[1], rtol=tolerance, atol=tolerance)


def test_a_singular_matrix_has_determinant_zero_and_no_inverse() -> None:
    x = vg.asarray([[1.0, 2.0], [2.0, 4.0]])
    assert vg.linalg.det(x).item() == 0
    assert [part.item() for part in vg.linalg.slogdet(x)] == [0, -vg.inf]
    with pytest.raises(ValueError, match="singular"):
        vg.linalg.inv(x)
    with pytest.raises(ValueError, match="needs square matrices"):
        vg.linalg.inv(vg.zeros((2, 3)))
    with pytest.raises(ValueError, match="don't fit"):
        vg.linalg.solve(x, vg.zeros(3))


@pytest.mark.parametrize("dtype", FIELDS)
def test_powers_of_matrices(dtype: str) -> None:
    x = matrices(dtype, (2, 3, 3)) + 3 * np.eye(3, dtype=dtype)
    for power in (0, 1, 2, 5, -1, -2):
        expected = np.linalg.matrix_power(x, power)
        found = np.asarray(vg.linalg.matrix_power(vg.asarray(x), power))
        assert found.dtype == dtype
        np.testing.assert_allclose(
            found, expected, rtol=1e3 * float(np.finfo(dtype).eps), atol=1e3 * float(np.finfo(dtype).eps)
        )


@pytest.mark.parametrize("dtype", FIELDS)
@pytest.mark.parametrize("shape", [one for one in SHAPES if 0 not in one])
def test_the_pseudo_inverse_undoes_a_matrix_twice(dtype: str, shape: tuple[int, ...]) -> None:
    x = matrices(dtype, shape)
    inverse = np.asarray(vg.linalg.pinv(vg.asarray(x)))
    assert inverse.dtype == dtype
    np.testing.assert_allclose(x @ inverse @ x, x, atol=1e4 * float(np.finfo(dtype).eps))
    np.testing.assert_allclose(adjoint(x @ inverse), x @ inverse, atol=1e4 * float(np.finfo(dtype).eps))
    assert np.all(np.asarray(vg.linalg.matrix_rank(vg.asarray(x))) == min(shape[-2:]))


def test_small_singular_values_do_not_count() -> None:
    x = vg.asarray(np.diag([1.0, 1e-3, 1e-20]))
    assert vg.linalg.matrix_rank(x).item() == 2
    assert vg.linalg.matrix_rank(x, rtol=0.1).item() == 1
    np.testing.assert_allclose(np.asarray(vg.linalg.pinv(x, rtol=vg.asarray(0.1))), np.diag([1.0, 0, 0]), atol=1e-15)
    assert vg.linalg.matrix_rank(vg.zeros((2, 2, 3))).tolist() == [0, 0]
