from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import assay.vgpu as vg
from tests.vgpu.sanitized import SANITIZED

FIELDS = ("float32", "float64", "complex64", "complex128")
SQUARE = ((0, 0), (1, 1), (2, 2), (3, 5, 5), (2, 3, 17, 17), (70, 70), (2, 74, 74) if SANITIZED else (2, 130, 130))
SHAPES = ((0, 3), (3, 0), (1, 1), (4, 2), (2, 4), (2, 3, 17, 20), (70, 67), (67, 70), (0, 2, 2))


def matrices(dtype: str, shape: tuple[int, ...]) -> Any:
    generator = np.random.default_rng(len(shape))
    values: Any = generator.standard_normal(shape)
    return (values + 1j * generator.standard_normal(shape) if dtype.startswith("c") else values).astype(dtype)


def adjoint(x: Any) -> Any:
    return x.conj().swapaxes(-1, -2)


def assert_near(found: Any, expected: Any, dtype: str) -> None:
    """Within what rounding may do to sums as long as the matrices' sides."""
    side = max(np.shape(found)[-2:], default=1)
    np.testing.assert_allclose(found, expected, rtol=0, atol=8 * float(np.finfo(dtype).eps) * (1 + side) ** 1.5)


@pytest.mark.parametrize("dtype", FIELDS)
@pytest.mark.parametrize("shape", SQUARE)
def test_a_positive_definite_matrix_is_a_triangle_times_its_adjoint(dtype: str, shape: tuple[int, ...]) -> None:
    x = matrices(dtype, shape)
    positive = x @ adjoint(x) / max(shape[-1], 1) + np.eye(shape[-1], dtype=dtype)
    lower = np.asarray(vg.linalg.cholesky(vg.asarray(positive)))
    assert_near(lower @ adjoint(lower), positive, dtype)
    np.testing.assert_array_equal(lower, np.tril(lower))
    upper = np.asarray(vg.linalg.cholesky(vg.asarray(positive), upper=True))
    assert_near(adjoint(upper) @ upper, positive, dtype)
    np.testing.assert_array_equal(upper, np.triu(upper))


@pytest.mark.parametrize("dtype", FIELDS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("mode", ["reduced", "complete"])
def test_q_is_unitary_and_r_a_triangle(dtype: str, shape: tuple[int, ...], mode: Any) -> None:
    x = matrices(dtype, shape)
    q, r = (np.asarray(part) for part in vg.linalg.qr(vg.asarray(x), mode=mode))
    assert q.shape[-1] == r.shape[-2] == (shape[-2] if mode == "complete" else min(shape[-2:]))
    assert_near(q @ r, x, dtype)
    assert_near(adjoint(q) @ q, np.broadcast_to(np.eye(q.shape[-1]), (*shape[:-2], q.shape[-1], q.shape[-1])), dtype)
    np.testing.assert_array_equal(r, np.triu(r))


@pytest.mark.parametrize("dtype", FIELDS)
@pytest.mark.parametrize("shape", SQUARE)
def test_hermitian_matrices_have_real_ascending_values_and_unitary_vectors(dtype: str, shape: tuple[int, ...]) -> None:
    x = matrices(dtype, shape)
    hermitian = (x + adjoint(x)) / 2
    only_lower = vg.asarray(np.tril(hermitian))
    values, vectors = (np.asarray(part) for part in vg.linalg.eigh(only_lower))
    assert_near(vectors * values[..., None, :] @ adjoint(vectors), hermitian, dtype)
    assert_near(adjoint(vectors) @ vectors, np.broadcast_to(np.eye(shape[-1]), shape), dtype)
    assert np.all(values[..., :-1] <= values[..., 1:])
    np.testing.assert_array_equal(np.asarray(vg.linalg.eigvalsh(only_lower)), values)


@pytest.mark.parametrize("dtype", FIELDS)
@pytest.mark.parametrize("shape", SQUARE)
def test_any_square_matrix_stretches_its_eigenvectors(dtype: str, shape: tuple[int, ...]) -> None:
    x = matrices(dtype, shape)
    values, vectors = (np.asarray(part) for part in vg.linalg.eig(vg.asarray(x)))
    assert values.dtype == vectors.dtype == np.result_type(dtype, "complex64")
    assert_near(x @ vectors, vectors * values[..., None, :], dtype)
    assert_near(np.linalg.norm(vectors, axis=-2), np.ones(values.shape), dtype)
    np.testing.assert_array_equal(np.asarray(vg.linalg.eigvals(vg.asarray(x))), values)


def test_eigenvalues_that_lie_on_a_circle_are_found() -> None:
    rotation = np.roll(np.eye(8), 1, axis=0)
    values = np.asarray(vg.linalg.eigvals(vg.asarray(rotation)))
    np.testing.assert_allclose(np.sort(np.angle(values**8)), np.zeros(8), atol=1e-12)
    defective = vg.asarray([[1.0, 1.0], [0.0, 1.0]])
    np.testing.assert_allclose(np.asarray(vg.linalg.eigvals(defective)), [1, 1], atol=1e-12)


@pytest.mark.parametrize("dtype", FIELDS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("full", [True, False])
def test_singular_values_descend_between_unitary_matrices(dtype: str, shape: tuple[int, ...], full: bool) -> None:
    x = matrices(dtype, shape)
    left, values, right = (np.asarray(part) for part in vg.linalg.svd(vg.asarray(x), full_matrices=full))
    count = min(shape[-2:])
    assert left.shape[-1] == (shape[-2] if full else count)
    assert right.shape[-2] == (shape[-1] if full else count)
    assert_near(left[..., :count] * values[..., None, :] @ right[..., :count, :], x, dtype)
    for unitary in (left, adjoint(right)):
        identity = np.broadcast_to(np.eye(unitary.shape[-1]), (*shape[:-2], *[unitary.shape[-1]] * 2))
        assert_near(adjoint(unitary) @ unitary, identity, dtype)
    assert np.all(values[..., :-1] >= values[..., 1:])
    np.testing.assert_array_equal(np.asarray(vg.linalg.svdvals(vg.asarray(x))), values)


@pytest.mark.parametrize("dtype", FIELDS)
def test_vectors_are_unitary_where_values_are_zero_too(dtype: str) -> None:
    x = matrices(dtype, (6, 4))
    x[:, 3], x[:, 2] = x[:, 0], 0
    left, values, right = (np.asarray(part) for part in vg.linalg.svd(vg.asarray(x)))
    assert_near(adjoint(left) @ left, np.eye(6), dtype)
    assert_near(right @ adjoint(right), np.eye(4), dtype)
    assert values[3] <= float(np.finfo(dtype).eps) * values[0]
    zeros = vg.linalg.svd(vg.zeros((3, 2)))
    np.testing.assert_array_equal(np.asarray(zeros.S), [0, 0])
    assert_near(np.asarray(zeros.U).T @ np.asarray(zeros.U), np.eye(3), "float64")


@pytest.mark.parametrize("dtype", FIELDS)
def test_matrices_whose_values_differ_by_many_orders_or_are_equal_or_zero_have_factors(dtype: str) -> None:
    side = 48
    unitary = np.linalg.qr(matrices(dtype, (side, side)))[0]
    for lengths in (np.logspace(0, -30, side), np.logspace(-30, 0, side), np.ones(side), np.arange(side) % 2):
        x = (unitary * lengths @ adjoint(unitary)).astype(dtype)
        left, values, right = (np.asarray(part) for part in vg.linalg.svd(vg.asarray(x)))
        assert_near(left * values @ right, x, dtype)
        assert_near(adjoint(left) @ left, np.eye(side), dtype)
        assert_near(values, np.sort(lengths)[::-1], dtype)
        assert_near(np.asarray(vg.linalg.eigvalsh(vg.asarray(x))), np.sort(lengths), dtype)
    shifted = np.eye(side, k=1, dtype=dtype)
    np.testing.assert_array_equal(np.asarray(vg.linalg.svdvals(vg.asarray(shifted))), [1] * (side - 1) + [0])


@pytest.mark.parametrize("dtype", FIELDS)
def test_squares_of_large_numbers_may_overflow_without_harm(dtype: str) -> None:
    x = matrices(dtype, (9, 5)) * float(np.finfo(dtype).max) ** 0.75
    q, r = (np.asarray(part) for part in vg.linalg.qr(vg.asarray(x)))
    assert np.isfinite(r).all()
    size = float(np.abs(x).max())
    assert_near(q @ (r / size), x / size, dtype)


@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_sizes_at_the_ends_of_the_range_are_no_trouble(size: float) -> None:
    x = matrices("float64", (5, 5)) * size
    np.testing.assert_allclose(np.asarray(vg.linalg.svdvals(vg.asarray(x))), np.linalg.svd(x)[1], rtol=1e-10)
    hermitian = x + x.T
    expected = np.linalg.eigvalsh(hermitian)
    np.testing.assert_allclose(np.asarray(vg.linalg.eigvalsh(vg.asarray(hermitian))), expected, rtol=1e-10)


def test_what_has_no_factors_is_refused() -> None:
    with pytest.raises(ValueError, match="not positive definite"):
        vg.linalg.cholesky(vg.asarray([[1.0, 2.0], [2.0, 1.0]]))
    with pytest.raises(ValueError, match="infinities or NaN"):
        vg.linalg.svd(vg.asarray([[vg.nan, 1.0], [0.0, 1.0]]))
    with pytest.raises(ValueError, match="not square"):
        vg.linalg.eigh(vg.zeros((2, 3)))
    with pytest.raises(ValueError, match="mode must be"):
        vg.linalg.qr(vg.zeros((2, 2)), mode="r")  # type: ignore[arg-type]
    for function in (vg.linalg.cholesky, vg.linalg.eigh, vg.linalg.eig, vg.linalg.svd, vg.linalg.qr):
        with pytest.raises(TypeError, match="not defined for elements of type int64"):
            function(vg.zeros((2, 2), dtype=vg.int64))
