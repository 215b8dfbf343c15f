"""What stands in square brackets, as a view and, where arrays stand there, as places in memory."""

from __future__ import annotations

import functools
import operator
from dataclasses import dataclass, field
from types import EllipsisType
from typing import Any

from assay.vgpu.arrays.creation import asarray
from assay.vgpu.arrays.dtypes import bool_, int64
from assay.vgpu.arrays.native import Array, native


@dataclass(frozen=True)
class _Added:
    """A new axis."""

    length: int


@dataclass(frozen=True)
class _Mask:
    """Where a mask is true, along one of its axes."""

    places: Array
    length: int


@dataclass
class _Selection:
    """Which part of an array a key means: axes that stay, and axes that index arrays take elements along."""

    offset: int = 0
    shape: list[int] = field(default_factory=list)
    strides: list[int] = field(default_factory=list)
    taken: list[tuple[Array, int, int]] = field(default_factory=list)
    """Index array, length and stride of the axis it indexes."""
    place: int | None = None
    """How many axes stand in front of those of the index arrays; none as long as there is no index array."""
    apart: bool = False
    """Whether other axes stand between index arrays: then those of the arrays come first."""
    closed: bool = False

    def keep(self, length: int, stride: int) -> None:
        self.shape.append(length)
        self.strides.append(stride)
        self.closed = bool(self.taken)

    def take(self, index: Array, length: int, stride: int) -> None:
        self.apart = self.apart or self.closed
        if self.place is None:
            self.place = len(self.shape)
        self.taken.append((index, length, stride))


def get(array: Array, key: Any) -> Array:
    """``array[key]``."""
    selection = _select(array, key)
    if not selection.taken:
        return _view(array, selection)
    offsets = _offsets(selection)
    rest = (tuple(selection.shape), tuple(selection.strides))
    gathered = native.array_gather(array, selection.offset, offsets, *rest)
    return _moved(gathered, offsets.ndim, selection)


def put(array: Array, key: Any, value: Array | complex) -> None:
    """``array[key] = value``."""
    selection = _select(array, key)
    if isinstance(value, bool | int | float | complex):
        source = native.array_full(array.dtype.code, (), value)
    else:
        source = asarray(value)
    if not selection.taken:
        native.array_assign(_view(array, selection), source)
        return
    offsets = _offsets(selection)
    target = native.array_empty(array.dtype.code, (*offsets.shape, *selection.shape))
    native.array_assign(_moved(target, offsets.ndim, selection), source)
    native.array_scatter(array, selection.offset, offsets, tuple(selection.shape), tuple(selection.strides), target)


def _view(array: Array, selection: _Selection) -> Array:
    return native.array_view(
        array, selection.offset, tuple(selection.shape), tuple(selection.strides), array.dtype.code
    )


def _select(array: Array, key: Any) -> _Selection:
    keys = _expanded(array, key)
    selection = _Selection()
    axis = 0
    for one in keys:
        if isinstance(one, _Added):
            selection.keep(one.length, 0)
            continue
        length, stride = array.shape[axis], array.strides[axis]
        axis += 1
        if isinstance(one, slice):
            start, _, step = one.indices(length)
            count = len(range(*one.indices(length)))
            selection.offset += start * stride if count else 0
            selection.keep(count, stride * step)
        elif isinstance(one, Array):
            selection.take(one, length, stride)
        elif isinstance(one, _Mask):
            if one.length not in {0, length}:
                raise IndexError(f"a mask of length {one.length} for axis {axis - 1} of length {length}")
            selection.take(one.places, length, stride)
        else:
            selection.offset += _checked(one, length, axis - 1) * stride
    return selection


def _checked(index: int, length: int, axis: int) -> int:
    if not -length <= index < length:
        raise IndexError(f"index {index} is out of bounds for axis {axis} of length {length}")
    return index + length if index < 0 else index


def _expanded(array: Array, key: Any) -> list[Any]:
    """One entry for every axis, plus the new ones: integers, slices, and arrays of integers."""
    keys: list[Any] = []
    for one in key if isinstance(key, tuple) else (key,):
        keys.extend(_plain(one))
    used = sum(one is not Ellipsis and not isinstance(one, _Added) for one in keys)
    if used > array.ndim:
        raise IndexError(f"{used} indices for an array of {array.ndim} axes")
    ellipses = [place for place, one in enumerate(keys) if one is Ellipsis]
    if len(ellipses) > 1:
        raise IndexError("an index can have one ellipsis only")
    place = ellipses[0] if ellipses else len(keys)
    return [*keys[:place], *[slice(None)] * (array.ndim - used), *keys[place + 1 :]]


def _plain(one: Any) -> list[Any]:
    if one is None:
        return [_Added(1)]
    if isinstance(one, slice | EllipsisType):
        return [one]
    if not isinstance(one, Array) and hasattr(one, "__len__"):
        one = asarray(one, dtype=None if len(one) else int64)
    if isinstance(one, bool) or (isinstance(one, Array) and one.dtype is bool_ and not one.ndim):
        return [_Added(int(bool(one)))]
    if isinstance(one, Array) and one.ndim:
        return _index_arrays(one)
    try:
        return [operator.index(one)]
    except TypeError:
        what = f"an array of {one.dtype.name}" if isinstance(one, Array) else type(one).__name__
        raise IndexError(f"an index is an integer, slice, ellipsis, None or an array of these, not {what}") from None


def _index_arrays(one: Array) -> list[Any]:
    if one.dtype is bool_:
        return [_Mask(places, length) for places, length in zip(native.array_nonzero(one), one.shape, strict=True)]
    if one.dtype.kind not in "iu":
        raise IndexError(f"an array of {one.dtype.name} is no index; only integers and bools are")
    return [one]


def _offsets(selection: _Selection) -> Array:
    """For each place of the index arrays, broadcast together, how many bytes behind the first element it lies."""
    offsets = [native.array_offsets(_places(index), length, stride) for index, length, stride in selection.taken]
    return functools.reduce(operator.add, offsets)


def _places(index: Array) -> Array:
    return index if index.dtype is int64 and index.contiguous else native.array_copy(index, int64.code)


def _moved(gathered: Array, count: int, selection: _Selection) -> Array:
    """The axes of the index arrays, which come first, brought to where the key has them."""
    if selection.apart or not selection.place:
        return gathered
    place = selection.place
    order = (*range(count, count + place), *range(count), *range(count + place, gathered.ndim))
    shape, strides = gathered.shape, gathered.strides
    return native.array_view(
        gathered, 0, tuple(shape[i] for i in order), tuple(strides[i] for i in order), gathered.dtype.code
    )
