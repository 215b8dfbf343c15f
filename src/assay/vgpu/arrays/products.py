"""Products of vectors and matrices."""

from __future__ import annotations

from collections.abc import Sequence

from assay.vgpu.arrays.elementwise import conj
from assay.vgpu.arrays.manipulation import axis_of, broadcast_arrays, moveaxis, permute_dims, reshape
from assay.vgpu.arrays.native import Array, native


def matmul(x1: Array, x2: Array, /) -> Array:
    """The product of matrices in the last two axes; the other axes are broadcast. One axis is a vector."""
    return native.array_matmul(x1, x2)


def matrix_transpose(x: Array, /) -> Array:
    """The transposes of a stack of matrices, as a view."""
    return x.mT


def tensordot(x1: Array, x2: Array, /, *, axes: int | tuple[Sequence[int], Sequence[int]] = 2) -> Array:
    """The sum of products over pairs of axes: the last ``axes`` of ``x1`` and the first of ``x2``, or those named."""
    if isinstance(axes, int):
        left, right = list(range(x1.ndim - axes, x1.ndim)), list(range(axes))
    else:
        left, right = [axis_of(one, x1.ndim) for one in axes[0]], [axis_of(one, x2.ndim) for one in axes[1]]
    if [x1.shape[one] for one in left] != [x2.shape[one] for one in right]:
        raise ValueError(f"tensordot: axes {left} of {x1.shape} and {right} of {x2.shape} are not equally long")
    rows = [one for one in range(x1.ndim) if one not in left]
    columns = [one for one in range(x2.ndim) if one not in right]
    inner = 1
    for one in left:
        inner *= x1.shape[one]
    height, width = (_count(x1, rows), _count(x2, columns))
    a = reshape(permute_dims(x1, (*rows, *left)), (height, inner))
    b = reshape(permute_dims(x2, (*right, *columns)), (inner, width))
    return reshape(matmul(a, b), (*(x1.shape[one] for one in rows), *(x2.shape[one] for one in columns)))


def _count(x: Array, axes: Sequence[int]) -> int:
    count = 1
    for one in axes:
        count *= x.shape[one]
    return count


def vecdot(x1: Array, x2: Array, /, *, axis: int = -1) -> Array:
    """The sum of products along an axis, the first factor conjugated; the other axes are broadcast."""
    if x1.shape[axis_of(axis, x1.ndim)] != x2.shape[axis_of(axis, x2.ndim)]:
        raise ValueError(f"vecdot: axis {axis} of {x1.shape} and {x2.shape} is not equally long")
    a, b = broadcast_arrays(moveaxis(x1, axis, -1), moveaxis(x2, axis, -1))
    a = conj(a) if a.dtype.kind == "c" else a
    return matmul(a[..., None, :], b[..., :, None])[..., 0, 0]


__all__ = ["matmul", "matrix_transpose", "tensordot", "vecdot"]
