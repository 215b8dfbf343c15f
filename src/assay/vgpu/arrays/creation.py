"""Arrays out of nothing, out of Python's numbers, and out of the memory of other libraries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal, SupportsIndex

from assay.vgpu.arrays.dtypes import (
    DType,
    beside,
    complex128,
    float64,
    inferred,
    int64,
    promoted,
)
from assay.vgpu.arrays.native import DEVICE, Array, native

Shape = int | tuple[int, ...]

_SCALARS = (bool, int, float, complex)
_DLPACK_VERSION = (1, 0)


def _extents(shape: Shape) -> tuple[int, ...]:
    return tuple(shape) if isinstance(shape, tuple | list) else (int(shape),)


def require_device(device: str | None) -> None:
    """Refuse any but the one device."""
    if device not in {None, DEVICE}:
        raise ValueError(f"there is one device, {DEVICE!r}, not {device!r}")


def empty(shape: Shape, *, dtype: DType | None = None, device: str | None = None) -> Array:
    """Uninitialised memory."""
    require_device(device)
    return native.array_empty((dtype or float64).code, _extents(shape))


def full(shape: Shape, fill_value: complex, *, dtype: DType | None = None, device: str | None = None) -> Array:
    """The same number everywhere; its type is the number's own unless given."""
    require_device(device)
    wanted = dtype or inferred([fill_value])
    return native.array_full(wanted.code, _extents(shape), _fitting(fill_value, wanted))


def _fitting(number: complex, dtype: DType) -> complex:
    return math.trunc(number) if dtype.kind in "iu" and isinstance(number, float) else number


def zeros(shape: Shape, *, dtype: DType | None = None, device: str | None = None) -> Array:
    """Zeros, fp64 unless given."""
    return full(shape, 0, dtype=dtype or float64, device=device)


def ones(shape: Shape, *, dtype: DType | None = None, device: str | None = None) -> Array:
    """Ones, fp64 unless given."""
    return full(shape, 1, dtype=dtype or float64, device=device)


def empty_like(x: Array, /, *, dtype: DType | None = None, device: str | None = None) -> Array:
    """Uninitialised memory of the shape, and unless given the type, of another array."""
    return empty(x.shape, dtype=dtype or x.dtype, device=device)


def full_like(x: Array, /, fill_value: complex, *, dtype: DType | None = None, device: str | None = None) -> Array:
    """The same number everywhere, in the shape, and unless given the type, of another array."""
    return full(x.shape, fill_value, dtype=dtype or x.dtype, device=device)


def zeros_like(x: Array, /, *, dtype: DType | None = None, device: str | None = None) -> Array:
    """Zeros in the shape, and unless given the type, of another array."""
    return full_like(x, 0, dtype=dtype, device=device)


def ones_like(x: Array, /, *, dtype: DType | None = None, device: str | None = None) -> Array:
    """Ones in the shape, and unless given the type, of another array."""
    return full_like(x, 1, dtype=dtype, device=device)


def arange(
    start: float,
    /,
    stop: float | None = None,
    step: float = 1,
    *,
    dtype: DType | None = None,
    device: str | None = None,
) -> Array:
    """Numbers from ``start`` up to, but without, ``stop``, ``step`` apart."""
    require_device(device)
    if stop is None:
        start, stop = 0, start
    if step == 0:
        raise ValueError("arange: step must not be zero")
    first, end, distance = start, stop, step
    if isinstance(first, int) and isinstance(end, int) and isinstance(distance, int):
        count, own = len(range(first, end, distance)), int64
    else:
        count, own = max(0, math.ceil((end - first) / distance)), float64
    return native.array_arange((dtype or own).code, start, step, count)


def linspace(
    start: complex,
    stop: complex,
    /,
    num: int,
    *,
    dtype: DType | None = None,
    device: str | None = None,
    endpoint: bool = True,
) -> Array:
    """``num`` numbers at equal distances from ``start`` to ``stop``, which is the last one if ``endpoint`` is true."""
    require_device(device)
    if num < 0:
        raise ValueError(f"linspace: num must not be negative, not {num}")
    imaginary = complex in {type(start), type(stop)}
    wanted = dtype or (complex128 if imaginary else float64)
    inner = complex128 if imaginary or wanted.kind == "c" else float64
    gaps = num - 1 if endpoint else num
    places = native.array_arange(float64.code, 0, 1, num)
    line = places * ((stop - start) / gaps if gaps > 0 else 0.0) + start
    result = native.array_copy(line, inner.code)
    if endpoint and num > 1:
        result[-1] = stop
    return result if wanted is inner else native.array_copy(result, wanted.code)


def eye(
    n_rows: int,
    n_cols: int | None = None,
    /,
    *,
    k: int = 0,
    dtype: DType | None = None,
    device: str | None = None,
) -> Array:
    """Ones on the ``k``-th diagonal, zeros elsewhere."""
    columns = n_rows if n_cols is None else n_cols
    result = zeros((n_rows, columns), dtype=dtype, device=device)
    first_row, first_column = max(-k, 0), max(k, 0)
    count = min(n_rows - first_row, columns - first_column)
    if count > 0:
        offset = (first_row * columns + first_column) * result.itemsize
        diagonal = native.array_view(result, offset, (count,), ((columns + 1) * result.itemsize,), result.dtype.code)
        native.array_assign(diagonal, native.array_full(result.dtype.code, (), 1))
    return result


def _triangle(x: Array, k: int, *, lower: bool) -> Array:
    if x.ndim < 2:
        raise ValueError(f"tril, triu: need at least two axes, not {x.ndim}")
    rows, columns = (native.array_arange(int64.code, 0, 1, length) for length in x.shape[-2:])
    distance = columns - rows[:, None]
    kept = distance <= k if lower else distance >= k
    return native.array_where(kept, x, native.array_full(x.dtype.code, (), 0))


def tril(x: Array, /, *, k: int = 0) -> Array:
    """The elements on and below the ``k``-th diagonal, zeros above."""
    return _triangle(x, k, lower=True)


def triu(x: Array, /, *, k: int = 0) -> Array:
    """The elements on and above the ``k``-th diagonal, zeros below."""
    return _triangle(x, k, lower=False)


def meshgrid(*arrays: Array, indexing: Literal["xy", "ij"] = "xy") -> tuple[Array, ...]:
    """Coordinates of a grid: each array along an axis of its own, the first two exchanged for ``"xy"``."""
    if indexing not in {"xy", "ij"}:
        raise ValueError(f"meshgrid: indexing must be 'xy' or 'ij', not {indexing!r}")
    axes = list(range(len(arrays)))
    if indexing == "xy" and len(axes) > 1:
        axes[:2] = [1, 0]
    shape = [0] * len(arrays)
    for axis, one in zip(axes, arrays, strict=True):
        shape[axis] = one.size
    grids = []
    for axis, one in zip(axes, arrays, strict=True):
        strides = [0] * len(arrays)
        strides[axis] = one.strides[0] if one.ndim else 0
        view = native.array_view(one, 0, tuple(shape), tuple(strides), one.dtype.code)
        grids.append(native.array_copy(view, one.dtype.code))
    return tuple(grids)


def asarray(obj: Any, /, *, dtype: DType | None = None, device: str | None = None, copy: bool | None = None) -> Array:
    """An array of what ``obj`` holds: an array, Python numbers in nested lists, or memory of another library.

    Memory of objects with the buffer protocol (NumPy) or DLPack (PyTorch) is shared unless ``copy`` is true or the
    type has to change; with ``copy=False`` a need to copy raises ``ValueError``.
    """
    require_device(device)
    if isinstance(obj, (*_SCALARS, list, tuple)):
        if copy is False:
            raise ValueError("asarray: Python's numbers can't be shared; leave copy=False out")
        return _of_numbers(obj, dtype)
    array, owned = _shared(obj)
    wanted = dtype or array.dtype
    if array.dtype is wanted and not (copy and not owned):
        return array
    if copy is False:
        raise ValueError(f"asarray: {array.dtype.name} can't become {wanted.name} without a copy")
    return native.array_copy(array, wanted.code)


def _shared(obj: Any) -> tuple[Array, bool]:
    """The memory of an object as an array, and whether it is nobody else's."""
    if isinstance(obj, Array):
        return obj, False
    try:
        return native.array_from_buffer(obj), False
    except (TypeError, BufferError) as error:
        if hasattr(obj, "__dlpack__"):
            return from_dlpack(obj), False
        if hasattr(obj, "__array__"):
            return native.array_from_buffer(obj.__array__()), True
        if isinstance(obj, SupportsIndex):
            return _of_numbers(obj.__index__(), None), True
        raise TypeError(f"asarray: {type(obj).__name__} holds no numbers that an array could have: {error}") from None


def _of_numbers(obj: Any, dtype: DType | None) -> Array:
    shape = _shape(obj)
    leaves: list[Any] = []
    _flatten(obj, shape, leaves)
    numbers = [_number(leaf) for leaf in leaves]
    wanted = dtype or _common(leaves, numbers)
    return native.array_from_items([_fitting(one, wanted) for one in numbers], wanted.code, shape)


def _common(leaves: Sequence[Any], numbers: Sequence[complex]) -> DType:
    typed = next((leaf.dtype for leaf in leaves if isinstance(leaf, Array)), None)
    if typed is None:
        return inferred(numbers)
    result: DType = typed
    for leaf in leaves:
        result = promoted(result, leaf.dtype) if isinstance(leaf, Array) else beside(result, _number(leaf))
    return result


def _shape(obj: Any) -> tuple[int, ...]:
    if isinstance(obj, list | tuple):
        return (len(obj), *_shape(obj[0])) if obj else (0,)
    return tuple(getattr(obj, "shape", ()))


def _flatten(obj: Any, shape: tuple[int, ...], leaves: list[Any]) -> None:
    if not shape:
        if isinstance(obj, list | tuple):
            raise ValueError("asarray: the nested lists are not equally deep")
        leaves.append(obj)
        return
    if not hasattr(obj, "__len__") or len(obj) != shape[0]:
        raise ValueError(f"asarray: the nested lists are not equally long: expected {shape[0]} items")
    for item in obj:
        _flatten(item, shape[1:], leaves)


def _number(leaf: Any) -> Any:
    if isinstance(leaf, _SCALARS):
        return leaf
    if isinstance(leaf, Array):
        return native.array_items(leaf)[0]
    if hasattr(leaf, "item"):
        return leaf.item()
    if hasattr(leaf, "__index__"):
        return leaf.__index__()
    raise TypeError(f"asarray: {type(leaf).__name__} is not a number")


def from_dlpack(x: Any, /, *, device: str | None = None, copy: bool | None = None) -> Array:
    """An array of the memory of another library's; shared unless ``copy`` is true."""
    require_device(device)
    if isinstance(x, Array):
        return native.array_copy(x, x.dtype.code) if copy else native.array_view(x, 0, x.shape, x.strides, x.dtype.code)
    if not hasattr(x, "__dlpack__"):
        raise TypeError(f"from_dlpack: {type(x).__name__} has no __dlpack__; try asarray")
    try:
        capsule = x.__dlpack__(max_version=_DLPACK_VERSION, copy=copy)
    except TypeError:  # from before DLPack 1.0
        if copy is False:
            raise ValueError("from_dlpack: this library can't promise not to copy; leave copy=False out") from None
        capsule = x.__dlpack__()
    array = native.array_from_capsule(capsule)
    return native.array_copy(array, array.dtype.code) if copy else array


def astype(x: Array, dtype: DType, /, *, copy: bool = True, device: str | None = None) -> Array:
    """The elements in another type: fractions are cut off, what is not zero is true."""
    require_device(device)
    if x.dtype is dtype and not copy:
        return x
    if x.dtype.kind == "c" and dtype.kind not in "cb":
        raise TypeError(f"astype: {x.dtype.name} would lose its imaginary part as {dtype.name}; take real() first")
    return native.array_copy(x, dtype.code)


__all__ = [
    "arange", "asarray", "astype", "empty", "empty_like", "eye", "from_dlpack", "full", "full_like", "linspace",
    "meshgrid", "ones", "ones_like", "tril", "triu", "zeros", "zeros_like",
]  # fmt: skip
