"""Equations, inverses, determinants and powers of matrices."""

from __future__ import annotations

from typing import NamedTuple

from assay.vgpu.arrays.creation import astype, eye
from assay.vgpu.arrays.dtypes import finfo, int64, result_type
from assay.vgpu.arrays.elementwise import reciprocal, where
from assay.vgpu.arrays.manipulation import broadcast_shapes, broadcast_to
from assay.vgpu.arrays.native import Array, native
from assay.vgpu.arrays.products import matmul
from assay.vgpu.arrays.reducing import max as largest
from assay.vgpu.arrays.reducing import sum as total
from assay.vgpu.linalg.factors import adjoint, svd, svdvals


class LogDeterminant(NamedTuple):
    """Sign of a determinant (a complex number of length 1 for complex matrices) and logarithm of its magnitude."""

    sign: Array
    logabsdet: Array


def _square(name: str, x: Array) -> int:
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise ValueError(f"{name}: needs square matrices, not shape {x.shape}")
    return x.shape[-1]


def solve(x1: Array, x2: Array, /) -> Array:
    """What ``x1`` has to be multiplied with to give ``x2``: a vector where that has one axis, else matrices.

    The other axes are broadcast. Raises ``ValueError`` where a matrix is singular.
    """
    size = _square("solve", x1)
    right = x2[:, None] if x2.ndim == 1 else x2
    if right.shape[-2] != size:
        raise ValueError(f"solve: shapes {x1.shape} and {x2.shape} don't fit")
    if x1.ndim == x2.ndim == 2 and x1.dtype == x2.dtype:
        return native.array_solve(x1, x2)  # nothing to broadcast: small ones take a third as long
    dtype = result_type(x1, x2)
    stack = broadcast_shapes(x1.shape[:-2], right.shape[:-2])
    a = broadcast_to(astype(x1, dtype, copy=False), (*stack, size, size))
    b = broadcast_to(astype(right, dtype, copy=False), (*stack, *right.shape[-2:]))
    result = native.array_solve(a, b)
    return result[..., 0] if x2.ndim == 1 else result


def inv(x: Array, /) -> Array:
    """The inverses of matrices. Raises ``ValueError`` where one is singular."""
    return solve(x, eye(_square("inv", x), dtype=x.dtype))


def det(x: Array, /) -> Array:
    """The determinants of matrices."""
    _square("det", x)
    return native.array_determinant(x)[0]


def slogdet(x: Array, /) -> LogDeterminant:
    """The determinants of matrices, where they would be too large or too small for a number."""
    _square("slogdet", x)
    return LogDeterminant(*native.array_determinant(x)[1:])


def matrix_power(x: Array, n: int, /) -> Array:
    """Square matrices multiplied by themselves ``n`` times; their inverses for a negative ``n``."""
    size = _square("matrix_power", x)
    base, power = (inv(x), -n) if n < 0 else (x, n)
    result: Array | None = None
    while power:
        if power % 2:
            result = base if result is None else matmul(result, base)
        power //= 2
        base = matmul(base, base) if power else base
    return result if result is not None else astype(broadcast_to(eye(size, dtype=x.dtype), x.shape), x.dtype)


def _least(values: Array, x: Array, rtol: float | Array | None) -> Array:
    """What a singular value must exceed to count."""
    relative = max(x.shape[-2:]) * finfo(x.dtype).eps if rtol is None else rtol
    if isinstance(relative, Array):
        relative = astype(relative, values.dtype, copy=False)
    most = largest(values, axis=-1) if values.shape[-1] else total(values, axis=-1)
    return (most * relative)[..., None]


def matrix_rank(x: Array, /, *, rtol: float | Array | None = None) -> Array:
    """How many singular values exceed ``rtol`` times the largest; by default, what rounding may have left."""
    if x.ndim < 2:
        raise ValueError(f"matrix_rank: needs at least two axes, not {x.ndim}")
    values = svdvals(x)
    return total(astype(values > _least(values, x, rtol), int64), axis=-1)


def pinv(x: Array, /, *, rtol: float | Array | None = None) -> Array:
    """The pseudo-inverses: ``pinv(x) @ b`` is the smallest of the nearest solutions of ``x @ y = b``."""
    left, values, right = svd(x, full_matrices=False)
    counts = values > _least(values, x, rtol)
    inverted = where(counts, reciprocal(where(counts, values, 1.0)), 0.0)
    return matmul(adjoint(right) * inverted[..., None, :], adjoint(left))


__all__ = ["LogDeterminant", "det", "inv", "matrix_power", "matrix_rank", "pinv", "slogdet", "solve"]
