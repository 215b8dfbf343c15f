"""Sizes of vectors and matrices, their diagonals, and products that make no sums."""

from __future__ import annotations

from math import inf
from typing import Literal

from assay.vgpu.arrays.creation import astype
from assay.vgpu.arrays.dtypes import DType, float64
from assay.vgpu.arrays.elementwise import abs as magnitude
from assay.vgpu.arrays.elementwise import sqrt
from assay.vgpu.arrays.manipulation import Axes, axes_of, axis_of, broadcast_arrays, moveaxis, reshape, stack, view
from assay.vgpu.arrays.native import Array
from assay.vgpu.arrays.reducing import max as largest
from assay.vgpu.arrays.reducing import min as smallest
from assay.vgpu.arrays.reducing import sum as total
from assay.vgpu.linalg.factors import svdvals

Order = float | Literal["fro", "nuc"]


def cross(x1: Array, x2: Array, /, *, axis: int = -1) -> Array:
    """The cross products of vectors of length 3 along an axis; the other axes are broadcast."""
    if x1.shape[axis_of(axis, x1.ndim)] != 3 or x2.shape[axis_of(axis, x2.ndim)] != 3:
        raise ValueError(f"cross: axis {axis} of {x1.shape} and {x2.shape} must have length 3")
    a, b = broadcast_arrays(moveaxis(x1, axis, -1), moveaxis(x2, axis, -1))
    parts = [a[..., i] * b[..., j] - a[..., j] * b[..., i] for i, j in ((1, 2), (2, 0), (0, 1))]
    return stack(parts, axis=axis)


def outer(x1: Array, x2: Array, /) -> Array:
    """Every element of one vector times every element of another."""
    if x1.ndim != 1 or x2.ndim != 1:
        raise ValueError(f"outer: needs two vectors, not shapes {x1.shape} and {x2.shape}")
    return x1[:, None] * x2[None, :]


def diagonal(x: Array, /, *, offset: int = 0) -> Array:
    """The diagonals of a stack of matrices, or those ``offset`` places to the right of them, as a view."""
    if x.ndim < 2:
        raise ValueError(f"diagonal: needs at least two axes, not {x.ndim}")
    (rows, columns), (down, right) = x.shape[-2:], x.strides[-2:]
    length = max(0, min(rows + min(offset, 0), columns - max(offset, 0)))
    start = max(offset, 0) * right - min(offset, 0) * down
    return view(x, (*x.shape[:-2], length), (*x.strides[:-2], down + right), start if length and x.size else 0)


def trace(x: Array, /, *, offset: int = 0, dtype: DType | None = None) -> Array:
    """The sums along ``diagonal``."""
    return total(diagonal(x, offset=offset), axis=-1, dtype=dtype)


def vector_norm(x: Array, /, *, axis: Axes | None = None, keepdims: bool = False, ord: float = 2) -> Array:  # noqa: A002
    """The root of the sum of magnitudes to that power over some axes, or all; their largest for ``inf``.

    0 counts what is not zero. Computed in ``float64``.
    """
    if x.dtype.kind not in "fc":
        raise TypeError(f"vector_norm: not defined for elements of type {x.dtype.name}; convert with astype")
    sizes = magnitude(x)
    wanted = sizes.dtype
    axes = axes_of(axis, x.ndim)
    return astype(_norm(astype(sizes, float64, copy=False), axes, ord, keepdims=keepdims), wanted, copy=False)


def _norm(sizes: Array, axes: tuple[int, ...], order: float, *, keepdims: bool) -> Array:
    if order == inf:
        return largest(sizes, axis=axes, keepdims=keepdims)
    if order == -inf:
        return smallest(sizes, axis=axes, keepdims=keepdims)
    if order == 0:
        return total(astype(sizes != 0, float64), axis=axes, keepdims=keepdims)
    if order == 1:
        return total(sizes, axis=axes, keepdims=keepdims)
    if order == 2:
        return _length(sizes, axes, keepdims=keepdims)
    return total(sizes**order, axis=axes, keepdims=keepdims) ** (1 / order)


def _length(sizes: Array, axes: tuple[int, ...], *, keepdims: bool) -> Array:
    """The root of the sum of squares, again with smaller numbers where squares leave the range."""
    plain = sqrt(total(sizes * sizes, axis=axes, keepdims=keepdims))
    if not sizes.size or 1e-140 < float(largest(plain)) < 1e140:
        return plain
    most = float(largest(sizes))
    if not 0 < most < inf:
        return plain
    small = sizes / most
    return sqrt(total(small * small, axis=axes, keepdims=keepdims)) * most


def matrix_norm(x: Array, /, *, keepdims: bool = False, ord: Order | None = "fro") -> Array:  # noqa: A002
    """Of the matrices in the last two axes.

    ``fro``: the root of the sum of squares; ``nuc``: the sum of the singular values; 2 and -2: the largest and smallest
    of those; 1 and -1: the largest and smallest sum of a column; ``inf`` and ``-inf``: of a row.
    """
    if x.ndim < 2:
        raise ValueError(f"matrix_norm: needs at least two axes, not {x.ndim}")
    result = _matrix_norm(x, "fro" if ord is None else ord)
    return reshape(result, (*x.shape[:-2], 1, 1)) if keepdims else result


def _matrix_norm(x: Array, order: Order) -> Array:
    if order == "fro":
        return vector_norm(x, axis=(-2, -1))
    if order in {"nuc", 2, -2}:
        values = svdvals(x)
        reduction = total if order == "nuc" else largest if order == 2 else smallest
        return reduction(values, axis=-1)
    if order not in {1, -1, inf, -inf}:
        raise ValueError(f"matrix_norm: ord must be 'fro', 'nuc', 1, -1, 2, -2, inf or -inf, not {order!r}")
    sums = vector_norm(x, axis=-2 if order in {1, -1} else -1, ord=1)
    return (largest if order in {1, inf} else smallest)(sums, axis=-1)


__all__ = ["cross", "diagonal", "matrix_norm", "outer", "trace", "vector_norm"]
