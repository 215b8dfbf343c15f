"""Many elements made one: sums, extremes, means, and what they are counted by."""

from __future__ import annotations

from assay.vgpu.arrays.dtypes import (
    DType,
    float32,
    float64,
    int64,
    uint64,
)
from assay.vgpu.arrays.manipulation import Axes, axes_of, axis_of, moveaxis, permute_dims, reshape
from assay.vgpu.arrays.native import Array, native

_SUM, _PRODUCT, _MINIMUM, _MAXIMUM, _ANY, _ALL, _COUNT = range(7)


def _reduced(kind: int, x: Array, axis: Axes | None, *, keepdims: bool) -> Array:
    if axis is None and not keepdims:
        return native.array_reduce(kind, x, 0)
    if isinstance(axis, int) and not keepdims:
        return native.array_reduce_along(kind, x, axis_of(axis, x.ndim))
    axes = axes_of(axis, x.ndim)
    kept = [one for one in range(x.ndim) if one not in axes]
    result = native.array_reduce(kind, permute_dims(x, (*kept, *axes)), len(kept))
    return _with_kept(result, x, axes) if keepdims else result


def _with_kept(result: Array, x: Array, axes: tuple[int, ...]) -> Array:
    return reshape(result, tuple(1 if one in axes else length for one, length in enumerate(x.shape)))


def _in(x: Array, dtype: DType) -> Array:
    return x if x.dtype is dtype else native.array_copy(x, dtype.code)


def _total(kind: int, x: Array, axis: Axes | None, dtype: DType | None, *, keepdims: bool) -> Array:
    wanted = dtype or (x.dtype if x.dtype.kind in "fc" else _total_type(x.dtype))
    source = x if x.dtype.kind == wanted.kind or wanted.kind in "iu" else _in(x, wanted)
    return _in(_reduced(kind, source, axis, keepdims=keepdims), wanted)


def _total_type(dtype: DType) -> DType:
    return {"b": int64, "i": int64, "u": uint64}.get(dtype.kind, dtype)


def sum(  # noqa: A001 (the standard's name)
    x: Array, /, *, axis: Axes | None = None, dtype: DType | None = None, keepdims: bool = False
) -> Array:
    """The sum over some axes, or all. Floating numbers are added in fp64, integers in 64 bits, where they wrap."""
    return _total(_SUM, x, axis, dtype, keepdims=keepdims)


def prod(x: Array, /, *, axis: Axes | None = None, dtype: DType | None = None, keepdims: bool = False) -> Array:
    """The product over some axes, or all; in fp64, or in 64 bits, where it wraps."""
    return _total(_PRODUCT, x, axis, dtype, keepdims=keepdims)


def _extreme(kind: int, name: str, x: Array, axis: Axes | None, *, keepdims: bool) -> Array:
    axes = axis if axis is None or isinstance(axis, int) else axes_of(axis, x.ndim)
    if not x.size and 0 in (x.shape if axes is None else [x.shape[one] for one in axes_of(axis, x.ndim)]):
        raise ValueError(f"{name}: of no elements, none is the largest or smallest")
    if x.dtype.name in {"float16", "bfloat16"}:
        return _in(_reduced(kind, native.array_copy(x, float32.code), axes, keepdims=keepdims), x.dtype)
    return _reduced(kind, x, axes, keepdims=keepdims)


def max(x: Array, /, *, axis: Axes | None = None, keepdims: bool = False) -> Array:  # noqa: A001 (standard)
    """The largest element over some axes, or all; NaN where there is one."""
    return _extreme(_MAXIMUM, "max", x, axis, keepdims=keepdims)


def min(x: Array, /, *, axis: Axes | None = None, keepdims: bool = False) -> Array:  # noqa: A001 (standard)
    """The smallest element over some axes, or all; NaN where there is one."""
    return _extreme(_MINIMUM, "min", x, axis, keepdims=keepdims)


def any(x: Array, /, *, axis: Axes | None = None, keepdims: bool = False) -> Array:  # noqa: A001 (standard)
    """Whether some element is true or not zero, over some axes, or all."""
    return _reduced(_ANY, x, axis, keepdims=keepdims)


def all(x: Array, /, *, axis: Axes | None = None, keepdims: bool = False) -> Array:  # noqa: A001 (standard)
    """Whether every element is true or not zero, over some axes, or all."""
    return _reduced(_ALL, x, axis, keepdims=keepdims)


def count_nonzero(x: Array, /, *, axis: Axes | None = None, keepdims: bool = False) -> Array:
    """How many elements are true or not zero, over some axes, or all."""
    return _reduced(_COUNT, x, axis, keepdims=keepdims)


def mean(x: Array, /, *, axis: Axes | None = None, keepdims: bool = False) -> Array:
    """The mean over some axes, or all; of integers, in fp64."""
    return _in(_mean(x, axis, keepdims=keepdims), _mean_type(x.dtype))


def _mean_type(dtype: DType) -> DType:
    return dtype if dtype.kind in "fc" else float64


def _mean(x: Array, axis: Axes | None, *, keepdims: bool) -> Array:
    """In fp64, whatever the type."""
    wide = x if x.dtype.kind in "fc" else native.array_copy(x, float64.code)
    total = _reduced(_SUM, wide, axis, keepdims=keepdims)
    count = 1
    for one in axes_of(axis, x.ndim):
        count *= x.shape[one]
    return total / count


def var(x: Array, /, *, axis: Axes | None = None, correction: float = 0.0, keepdims: bool = False) -> Array:
    """The variance over some axes, or all: squared distances from the mean by their number less the correction."""
    return _in(_variance(x, axis, correction, keepdims=keepdims), _mean_type(x.dtype))


def std(x: Array, /, *, axis: Axes | None = None, correction: float = 0.0, keepdims: bool = False) -> Array:
    """The standard deviation over some axes, or all: the square root of ``var``."""
    return _in(_variance(x, axis, correction, keepdims=keepdims) ** 0.5, _mean_type(x.dtype))


def _variance(x: Array, axis: Axes | None, correction: float, *, keepdims: bool) -> Array:
    if x.dtype.kind == "c":
        raise TypeError(f"var, std: not defined for elements of type {x.dtype.name}; take real() and imag() apart")
    away = native.array_copy(x, float64.code) - _mean(x, axis, keepdims=True)
    count = 1
    for one in axes_of(axis, x.ndim):
        count *= x.shape[one]
    total = _reduced(_SUM, away * away, axis, keepdims=keepdims)
    left = count - correction
    return total / left if left > 0 else total / 0.0


def _running(kind: int, x: Array, axis: int | None, dtype: DType | None, *, include_initial: bool) -> Array:
    if axis is None:
        if x.ndim != 1:
            raise ValueError(f"a running sum or product of {x.ndim} axes needs to know which: pass axis")
        axis = 0
    along = axis_of(axis, x.ndim)
    wanted = dtype or (x.dtype if x.dtype.kind in "fc" else _total_type(x.dtype))
    source = x if x.dtype.kind == wanted.kind or wanted.kind in "iu" else _in(x, wanted)
    if along == x.ndim - 1:
        return _in(native.array_scan(kind, source, include_initial), wanted)
    result = native.array_scan(kind, moveaxis(source, along, -1), include_initial)
    return moveaxis(_in(result, wanted), -1, along)


def cumulative_sum(
    x: Array,
    /,
    *,
    axis: int | None = None,
    dtype: DType | None = None,
    include_initial: bool = False,
) -> Array:
    """Each element plus all before it along an axis; with ``include_initial``, a zero in front."""
    return _running(_SUM, x, axis, dtype, include_initial=include_initial)


def cumulative_prod(
    x: Array,
    /,
    *,
    axis: int | None = None,
    dtype: DType | None = None,
    include_initial: bool = False,
) -> Array:
    """Each element times all before it along an axis; with ``include_initial``, a one in front."""
    return _running(_PRODUCT, x, axis, dtype, include_initial=include_initial)


__all__ = [
    "all", "any", "count_nonzero", "cumulative_prod", "cumulative_sum", "max", "mean", "min", "prod", "std", "sum",
    "var",
]  # fmt: skip
