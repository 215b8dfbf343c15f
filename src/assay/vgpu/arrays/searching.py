"""Where elements are, their order, and arrays as sets."""

from __future__ import annotations

from typing import Literal, NamedTuple

from assay.vgpu.arrays.creation import ones, zeros
from assay.vgpu.arrays.dtypes import bool_, float32, int64, promoted, result_type
from assay.vgpu.arrays.elementwise import imag, real, where
from assay.vgpu.arrays.manipulation import axis_of, concat, contiguous, moveaxis, reshape
from assay.vgpu.arrays.native import Array, native

# What native functions take in place.
_SUM, _ANY = 0, 4
_ASCENDING = _LEFT = _WITHOUT_ZERO = False


class UniqueAll(NamedTuple):
    """The distinct values, where each is first, which of them every element is, and how often each is there."""

    values: Array
    indices: Array
    inverse_indices: Array
    counts: Array


class UniqueCounts(NamedTuple):
    """The distinct values, and how often each is there."""

    values: Array
    counts: Array


class UniqueInverse(NamedTuple):
    """The distinct values, and which of them every element is."""

    values: Array
    inverse_indices: Array


def _arg_extreme(x: Array, axis: int | None, *, largest: bool, keepdims: bool) -> Array:
    source = native.array_copy(x, float32.code) if x.itemsize == 2 and x.dtype.kind == "f" else x
    if axis is None:
        result = native.array_arg_extreme(largest, source, 0)
        return reshape(result, (1,) * x.ndim) if keepdims else result
    along = axis_of(axis, x.ndim)
    result = native.array_arg_extreme(largest, moveaxis(source, along, -1), x.ndim - 1)
    return result[(*[slice(None)] * along, None)] if keepdims else result


def argmax(x: Array, /, *, axis: int | None = None, keepdims: bool = False) -> Array:
    """Where the first largest element is, along an axis or in all elements in C order; NaN is largest."""
    return _arg_extreme(x, axis, largest=True, keepdims=keepdims)


def argmin(x: Array, /, *, axis: int | None = None, keepdims: bool = False) -> Array:
    """Where the first smallest element is, along an axis or in all elements in C order; NaN is smallest."""
    return _arg_extreme(x, axis, largest=False, keepdims=keepdims)


def nonzero(x: Array, /) -> tuple[Array, ...]:
    """Where elements are true or not zero: one array of places for every axis."""
    if not x.ndim:
        raise ValueError("nonzero: an array of no dimensions has no places; reshape it to (1,)")
    return tuple(native.array_nonzero(x))


def sort(x: Array, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Array:
    """The elements in order along an axis; NaN is last, also when descending. Always stable."""
    del stable
    along = axis_of(axis, x.ndim)
    if along == x.ndim - 1:
        return native.array_sort(x, descending)
    return moveaxis(native.array_sort(moveaxis(x, along, -1), descending), -1, along)


def argsort(x: Array, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Array:
    """Where the elements are that ``sort`` returns. Always stable."""
    del stable
    along = axis_of(axis, x.ndim)
    if along == x.ndim - 1:
        return native.array_argsort(x, descending)
    return moveaxis(native.array_argsort(moveaxis(x, along, -1), descending), -1, along)


def searchsorted(
    x1: Array,
    x2: Array | complex,
    /,
    *,
    side: Literal["left", "right"] = "left",
    sorter: Array | None = None,
) -> Array:
    """Where each element of ``x2`` would have to be put into the sorted ``x1`` to keep it sorted."""
    if x1.ndim != 1:
        raise ValueError(f"searchsorted: needs one sorted axis, not {x1.ndim}")
    if side not in {"left", "right"}:
        raise ValueError(f"searchsorted: side must be 'left' or 'right', not {side!r}")
    common = result_type(x1, x2)
    values = x2 if isinstance(x2, Array) else native.array_full(common.code, (), x2)
    line = x1 if sorter is None else take(x1, sorter, axis=0)
    return native.array_searchsorted(
        native.array_copy(line, common.code), native.array_copy(values, common.code), side == "right"
    )


def take(x: Array, indices: Array, /, *, axis: int | None = None) -> Array:
    """The parts of ``x`` at these places along an axis, which only an array of one axis may leave out."""
    if axis is None:
        if x.ndim != 1:
            raise ValueError(f"take: {x.ndim} axes; say which by axis")
        axis = 0
    along = axis_of(axis, x.ndim)
    if x.ndim == 1 and indices.ndim and indices.dtype is int64 and indices.contiguous:
        offsets = native.array_offsets(indices, x.shape[0], x.strides[0])
        return native.array_gather(x, 0, offsets, (), ())
    if not indices.ndim:
        return contiguous(x[(*[slice(None)] * along, indices)])
    return x[(*[slice(None)] * along, indices)]


def take_along_axis(x: Array, indices: Array, /, *, axis: int = -1) -> Array:
    """For every place of ``indices``, the element of ``x`` that lies there along the axis, all else being equal."""
    along = axis_of(axis, x.ndim)
    if indices.ndim != x.ndim:
        raise ValueError(f"take_along_axis: expected {x.ndim} axes of indices, not {indices.ndim}")
    shape = [indices.shape[one] if one == along or x.shape[one] == 1 else x.shape[one] for one in range(x.ndim)]
    key = []
    for one in range(x.ndim):
        if one == along:
            key.append(indices)
            continue
        places = native.array_arange(int64.code, 0, 1, shape[one])
        if x.shape[one] == 1:
            places = places * 0
        key.append(reshape(places, tuple(-1 if place == one else 1 for place in range(x.ndim))))
    return x[tuple(key)]


def _groups(x: Array) -> tuple[Array, Array, Array]:
    """Flattened, sorted: the elements, where they were, and which of them begin a new value."""
    flat = reshape(x, (x.size,))
    order = native.array_argsort(flat, _ASCENDING) if flat.dtype.kind != "c" else _complex_order(flat)
    line = flat[order]
    new = ones((x.size,), dtype=bool_)
    if x.size > 1:
        native.array_assign(new[1:], line[1:] != line[:-1])
    return line, order, new


def _complex_order(flat: Array) -> Array:
    """By the real part, then by the imaginary one; both sorts are stable."""
    by_imaginary = native.array_argsort(imag(flat), _ASCENDING)
    return by_imaginary[native.array_argsort(real(flat)[by_imaginary], _ASCENDING)]


def unique_values(x: Array, /) -> Array:
    """The distinct values, sorted; every NaN is one of its own."""
    line, _, new = _groups(x)
    return line[new]


def unique_counts(x: Array, /) -> UniqueCounts:
    """The distinct values, sorted, and how often each is there."""
    found = unique_all(x)
    return UniqueCounts(found.values, found.counts)


def unique_inverse(x: Array, /) -> UniqueInverse:
    """The distinct values, sorted, and which of them every element is."""
    found = unique_all(x)
    return UniqueInverse(found.values, found.inverse_indices)


def unique_all(x: Array, /) -> UniqueAll:
    """The distinct values, sorted, where each is first, which of them every element is, and how often each is there."""
    line, order, new = _groups(x)
    starts = native.array_nonzero(new)[0]
    ends = concat([starts[1:], native.array_full(int64.code, (1,), x.size)]) if starts.size else starts
    ranks = native.array_scan(_SUM, new, _WITHOUT_ZERO) - 1
    inverse = native.array_empty(int64.code, (x.size,))
    inverse[order] = ranks
    return UniqueAll(line[new], order[starts], reshape(inverse, x.shape), ends - starts)


def isin(x1: Array | complex, x2: Array | complex, /, *, invert: bool = False) -> Array:
    """Whether each element of ``x1`` is among those of ``x2``; NaN never is."""
    common = result_type(x1, x2)
    left, right = (one if isinstance(one, Array) else native.array_full(common.code, (), one) for one in (x1, x2))
    common = promoted(left.dtype, right.dtype)
    values = reshape(native.array_copy(left, common.code), (left.size,))
    if not right.size:
        found = zeros((left.size,), dtype=bool_)
    elif common.kind == "c":
        found = native.array_reduce(_ANY, values[:, None] == reshape(right, (1, right.size)), 1)
    else:
        line = native.array_sort(reshape(native.array_copy(right, common.code), (right.size,)), _ASCENDING)
        places = native.array_searchsorted(line, values, _LEFT)
        places = where(places == right.size, right.size - 1, places)
        found = line[places] == values
    found = reshape(found, left.shape)
    return ~found if invert else found


__all__ = [
    "argmax", "argmin", "argsort", "isin", "nonzero", "searchsorted", "sort", "take", "take_along_axis",
    "unique_all", "unique_counts", "unique_inverse", "unique_values",
]  # fmt: skip
