"""The same elements in another shape or order."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assay.vgpu.arrays.dtypes import int64, result_type
from assay.vgpu.arrays.native import Array, native

Axes = int | tuple[int, ...]


def axis_of(axis: int, ndim: int) -> int:
    """The axis, counted from the first."""
    if not -ndim <= axis < ndim:
        raise IndexError(f"there is no axis {axis} in an array of {ndim} axes")
    return axis + ndim if axis < 0 else axis


def axes_of(axis: Axes | None, ndim: int) -> tuple[int, ...]:
    """The axes, counted from the first; all for none."""
    if axis is None:
        return tuple(range(ndim))
    axes = tuple(axis_of(one, ndim) for one in (axis if isinstance(axis, tuple) else (axis,)))
    if len(set(axes)) != len(axes):
        raise ValueError(f"an axis is named twice: {axis}")
    return axes


def view(x: Array, shape: Sequence[int], strides: Sequence[int], offset: int = 0) -> Array:
    """The same memory, seen otherwise."""
    return native.array_view(x, offset, tuple(shape), tuple(strides), x.dtype.code)


def contiguous(x: Array) -> Array:
    """The array itself where its elements lie side by side, else a copy."""
    return x if x.contiguous else native.array_copy(x, x.dtype.code)


def permute_dims(x: Array, /, axes: tuple[int, ...]) -> Array:
    """The axes in another order, as a view."""
    order = axes_of(tuple(axes), x.ndim)
    if order == tuple(range(x.ndim)):
        return x
    if len(order) != x.ndim:
        raise ValueError(f"permute_dims: expected {x.ndim} axes, not {len(order)}")
    return view(x, [x.shape[axis] for axis in order], [x.strides[axis] for axis in order])


def moveaxis(x: Array, source: Axes, destination: Axes, /) -> Array:
    """Some axes brought to other places, as a view; the others keep their order."""
    sources, destinations = axes_of(source, x.ndim), axes_of(destination, x.ndim)
    if sources == destinations:
        return x
    if len(sources) != len(destinations):
        raise ValueError("moveaxis: expected as many destinations as sources")
    order = [axis for axis in range(x.ndim) if axis not in sources]
    for place, axis in sorted(zip(destinations, sources, strict=True)):
        order.insert(place, axis)
    return permute_dims(x, tuple(order))


def reshape(x: Array, /, shape: tuple[int, ...], *, copy: bool | None = None) -> Array:
    """The same elements, in C order, in another shape; a view wherever strides allow."""
    wanted = _completed(x, shape)
    strides = _strides_of(x, wanted)
    if strides is None:
        if copy is False:
            raise ValueError(f"reshape: {x.shape} can't become {wanted} without a copy")
        strides = _strides_of(x := native.array_copy(x, x.dtype.code), wanted)
    elif copy:
        strides = _strides_of(x := native.array_copy(x, x.dtype.code), wanted)
    return view(x, wanted, strides or ())


def _completed(x: Array, shape: tuple[int, ...]) -> tuple[int, ...]:
    known = math.prod(length for length in shape if length != -1)
    wanted = tuple(shape)
    if -1 in wanted and known:
        wanted = tuple(x.size // known if length == -1 else length for length in wanted)
    if math.prod(wanted) != x.size or wanted.count(-1):
        raise ValueError(f"reshape: {x.size} elements of shape {x.shape} don't fill the shape {shape}")
    return wanted


def _strides_of(x: Array, shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """Strides that show ``x`` in that shape, or none where only a copy can."""
    if not x.size or x.contiguous:
        return _c_strides(shape, x.itemsize)
    old = [(length, stride) for length, stride in zip(x.shape, x.strides, strict=True) if length != 1]
    merged: list[tuple[int, int]] = []
    for length, stride in old:
        if merged and merged[-1][1] == stride * length:
            merged[-1] = (merged[-1][0] * length, stride)
        else:
            merged.append((length, stride))
    return _split(merged, shape)


def _c_strides(shape: tuple[int, ...], itemsize: int) -> tuple[int, ...]:
    strides = []
    for length in reversed(shape):
        strides.append(itemsize)
        itemsize *= max(length, 1)
    return tuple(reversed(strides))


def _split(merged: list[tuple[int, int]], shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """Cut merged axes into those of the shape, from the last; none where one would span two."""
    strides: list[int] = []
    left, step = 1, 0
    for length in reversed(shape):
        if length == 1:
            strides.append(0)
            continue
        if left == 1:
            left, step = merged.pop()
        if left % length:
            return None
        strides.append(step)
        left, step = left // length, step * length
    return tuple(reversed(strides))


def broadcast_shapes(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The shape to which all are broadcast."""
    ndim = max(map(len, shapes), default=0)
    padded = [(1,) * (ndim - len(shape)) + tuple(shape) for shape in shapes]
    result = []
    for lengths in zip(*padded, strict=True):
        others = set(lengths) - {1}
        if len(others) > 1:
            raise ValueError(f"shapes {', '.join(map(str, shapes))} can't be broadcast together")
        result.append(others.pop() if others else 1)
    return tuple(result)


def broadcast_to(x: Array, /, shape: tuple[int, ...]) -> Array:
    """The array repeated along new axes and those of length 1, as a view."""
    shape = tuple(shape)
    if broadcast_shapes(x.shape, shape) != shape:
        raise ValueError(f"broadcast_to: {x.shape} can't be broadcast to {shape}")
    own = [0 if length == 1 else stride for length, stride in zip(x.shape, x.strides, strict=True)]
    return view(x, shape, [0] * (len(shape) - x.ndim) + own)


def broadcast_arrays(*arrays: Array) -> tuple[Array, ...]:
    """All broadcast to the shape they have in common, as views."""
    shape = broadcast_shapes(*(one.shape for one in arrays))
    return tuple(broadcast_to(one, shape) for one in arrays)


def expand_dims(x: Array, /, axis: Axes = 0) -> Array:
    """New axes of length 1 at these places of the result, as a view."""
    axes = axes_of(axis if isinstance(axis, tuple) else (axis,), x.ndim + (len(axis) if isinstance(axis, tuple) else 1))
    own = iter(zip(x.shape, x.strides, strict=True))
    both = [(1, 0) if place in axes else next(own) for place in range(x.ndim + len(axes))]
    return view(x, [length for length, _ in both], [stride for _, stride in both])


def squeeze(x: Array, /, axis: Axes) -> Array:
    """Without these axes, which have length 1, as a view."""
    axes = axes_of(axis, x.ndim)
    if wrong := [one for one in axes if x.shape[one] != 1]:
        raise ValueError(f"squeeze: axis {wrong[0]} has length {x.shape[wrong[0]]}, not 1")
    kept = [one for one in range(x.ndim) if one not in axes]
    return view(x, [x.shape[one] for one in kept], [x.strides[one] for one in kept])


def flip(x: Array, /, *, axis: Axes | None = None) -> Array:
    """The order of the elements reversed along some axes, or all, as a view."""
    strides, offset = list(x.strides), 0
    for one in axes_of(axis, x.ndim):
        offset += strides[one] * (x.shape[one] - 1)
        strides[one] = -strides[one]
    return view(x, x.shape, strides, offset if x.size else 0)


def concat(arrays: Sequence[Array], /, *, axis: int | None = 0) -> Array:
    """One array behind the other along an axis; flattened ones for none."""
    if not arrays:
        raise ValueError("concat: expected at least one array")
    if axis is None:
        arrays, axis = [reshape(one, (-1,)) if one.size else reshape(one, (0,)) for one in arrays], 0
    first = arrays[0]
    along = axis_of(axis, first.ndim)
    joined = native.array_concat(tuple(arrays), along)
    return joined if joined is not None else _converted(arrays, axis, along)


def _converted(arrays: Sequence[Array], axis: int, along: int) -> Array:
    first = arrays[0]
    around = first.shape[:along], first.shape[along + 1 :]
    dtype = first.dtype
    for one in arrays:
        if one.ndim != first.ndim or (one.shape[:along], one.shape[along + 1 :]) != around:
            raise ValueError(f"concat: shapes {first.shape} and {one.shape} differ in more than axis {axis}")
        dtype = dtype if one.dtype is dtype else result_type(dtype, one)
    return concat([one if one.dtype is dtype else native.array_copy(one, dtype.code) for one in arrays], axis=along)


def stack(arrays: Sequence[Array], /, *, axis: int = 0) -> Array:
    """The arrays side by side along a new axis."""
    if len({one.shape for one in arrays}) != 1:
        raise ValueError("stack: expected arrays of one shape, and at least one")
    along = axis_of(axis, arrays[0].ndim + 1)
    return concat([expand_dims(one, along) for one in arrays], axis=along)


def unstack(x: Array, /, *, axis: int = 0) -> tuple[Array, ...]:
    """The parts along an axis, each without it, as views."""
    along = axis_of(axis, x.ndim)
    shape = (*x.shape[:along], *x.shape[along + 1 :])
    strides = (*x.strides[:along], *x.strides[along + 1 :])
    return tuple(view(x, shape, strides, place * x.strides[along] if x.size else 0) for place in range(x.shape[along]))


def roll(x: Array, /, shift: int | tuple[int, ...], *, axis: Axes | None = None) -> Array:
    """The elements moved along axes, those that leave at the end coming in at the beginning."""
    if axis is None:
        if isinstance(shift, tuple):
            raise TypeError("roll: several shifts need as many axes")
        return reshape(roll(reshape(x, (x.size,)), shift, axis=0), x.shape)
    named = axis if isinstance(axis, tuple) else (axis,)
    shifts = shift if isinstance(shift, tuple) else (shift,) * len(named)
    if len(shifts) != len(named):
        raise ValueError("roll: expected as many shifts as axes")
    for one, distance in zip(named, shifts, strict=True):
        x = _rolled(x, distance, axis_of(one, x.ndim))
    return native.array_copy(x, x.dtype.code)


def _rolled(x: Array, distance: int, axis: int) -> Array:
    length = x.shape[axis]
    if not x.size or not distance % length:
        return x
    cut = length - distance % length
    head, tail = list(x.shape), list(x.shape)
    head[axis], tail[axis] = cut, length - cut
    return concat([view(x, tail, x.strides, cut * x.strides[axis]), view(x, head, x.strides)], axis=axis)


def repeat(x: Array, repeats: int | Array, /, *, axis: int | None = None) -> Array:
    """Each element, or each part along an axis, several times."""
    if axis is None:
        x, axis = reshape(x, (x.size,)), 0
    along = axis_of(axis, x.ndim)
    length = x.shape[along]
    counts = [repeats] * length if isinstance(repeats, int) else [int(one) for one in _counts(repeats, length)]
    places = [place for place, count in enumerate(counts) for _ in range(count)]
    index = native.array_from_items(places, int64.code, (len(places),))
    key = (*[slice(None)] * along, index)
    return x[key]


def _counts(repeats: Array, length: int) -> tuple[int, ...]:
    items: tuple[int, ...] = native.array_items(repeats)
    if len(items) not in {1, length}:
        raise ValueError(f"repeat: expected one count or {length}, not {len(items)}")
    return items * length if len(items) == 1 and length != 1 else items


def tile(x: Array, repetitions: tuple[int, ...], /) -> Array:
    """The whole array several times along every axis."""
    ndim = max(x.ndim, len(repetitions))
    counts = (1,) * (ndim - len(repetitions)) + tuple(repetitions)
    shape = (1,) * (ndim - x.ndim) + x.shape
    pairs = [length for both in zip(counts, shape, strict=True) for length in both]
    single = reshape(x, tuple(length for one in shape for length in (1, one)))
    return reshape(broadcast_to(single, tuple(pairs)), tuple(a * b for a, b in zip(counts, shape, strict=True)))


def diff(
    x: Array,
    /,
    *,
    axis: int = -1,
    n: int = 1,
    prepend: Array | None = None,
    append: Array | None = None,
) -> Array:
    """Each element less the one before it along an axis, ``n`` times over."""
    if n < 0:
        raise ValueError(f"diff: n must not be negative, not {n}")
    along = axis_of(axis, x.ndim)
    if prepend is not None or append is not None:
        x = concat([one for one in (prepend, x, append) if one is not None], axis=along)
    for _ in range(n):
        length = max(x.shape[along] - 1, 0)
        shape = (*x.shape[:along], length, *x.shape[along + 1 :])
        later = view(x, shape, x.strides, x.strides[along] if x.size and length else 0)
        x = later != view(x, shape, x.strides) if x.dtype.kind == "b" else later - view(x, shape, x.strides)
    return x


__all__ = [
    "broadcast_arrays", "broadcast_shapes", "broadcast_to", "concat", "diff", "expand_dims", "flip", "moveaxis",
    "permute_dims", "repeat", "reshape", "roll", "squeeze", "stack", "tile", "unstack",
]  # fmt: skip
