"""The extension ``fft`` of the Python array API standard: Fourier transforms along axes.

Lengths whose prime factors are at most 31 are transformed in steps by these; others as a
convolution whose length is a power of two.
Real transforms are complex ones of which half is left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from assay.vgpu.arrays.creation import arange, astype, zeros
from assay.vgpu.arrays.dtypes import DType, complex64, complex128, float64
from assay.vgpu.arrays.elementwise import conj, real
from assay.vgpu.arrays.manipulation import axes_of, axis_of, concat, flip, moveaxis, roll
from assay.vgpu.arrays.native import DEVICE, Array, native

Norm = Literal["backward", "ortho", "forward"]
Axes = Sequence[int] | None


def _complex(x: Array) -> Array:
    if x.dtype.kind not in "fc":
        raise TypeError(f"fft: not defined for elements of type {x.dtype.name}; convert with astype")
    wanted = complex64 if x.dtype.name in {"float32", "complex64"} else complex128
    return astype(x, wanted, copy=False)


def _scale(length: int, norm: Norm, *, backward: bool) -> float:
    if norm not in {"backward", "ortho", "forward"}:
        raise ValueError(f"norm must be 'backward', 'ortho' or 'forward', not {norm!r}")
    if norm == "ortho":
        return 1 / math.sqrt(length)
    return 1 / length if backward == (norm == "backward") else 1.0


def _fitted(x: Array, length: int) -> Array:
    """The last axis cut, or filled up with zeros."""
    if length < 1:
        raise ValueError(f"a transform needs at least one element, not {length}")
    if x.shape[-1] >= length:
        return x[..., :length]
    return concat([x, zeros((*x.shape[:-1], length - x.shape[-1]), dtype=x.dtype)], axis=-1)


def _transform(x: Array, n: int | None, axis: int, norm: Norm, *, backward: bool) -> Array:
    along = axis_of(axis, x.ndim)
    length = x.shape[along] if n is None else n
    lines = _fitted(moveaxis(_complex(x), along, -1), length)
    result = native.array_fft(lines, backward, _scale(length, norm, backward=backward))
    return moveaxis(result, -1, along)


def _lengths(x: Array, s: Sequence[int] | None, axes: Axes) -> list[tuple[int, int | None]]:
    """Each axis with the length of its transform."""
    if axes is None and s is not None:
        raise ValueError("s: which axes these lengths are of must be said by axes")
    chosen = axes_of(None if axes is None else tuple(axes), x.ndim)
    if s is not None and len(s) != len(chosen):
        raise ValueError(f"s: expected {len(chosen)} lengths, not {len(s)}")
    return list(zip(chosen, [None] * len(chosen) if s is None else s, strict=True))


def fft(x: Array, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Array:
    """The transform along an axis of what is cut, or filled up with zeros, to length ``n``."""
    return _transform(x, n, axis, norm, backward=False)


def ifft(x: Array, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Array:
    """The inverse of ``fft``."""
    return _transform(x, n, axis, norm, backward=True)


def fftn(x: Array, /, *, s: Sequence[int] | None = None, axes: Axes = None, norm: Norm = "backward") -> Array:
    """The transforms along several axes, or all; ``s`` gives their lengths."""
    x = _complex(x)
    for axis, length in _lengths(x, s, axes):
        x = fft(x, n=length, axis=axis, norm=norm)
    return x


def ifftn(x: Array, /, *, s: Sequence[int] | None = None, axes: Axes = None, norm: Norm = "backward") -> Array:
    """The inverse of ``fftn``."""
    x = _complex(x)
    for axis, length in _lengths(x, s, axes):
        x = ifft(x, n=length, axis=axis, norm=norm)
    return x


def rfft(x: Array, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Array:
    """The transform of real numbers, without the half that follows from the other."""
    if x.dtype.kind != "f":
        raise TypeError(f"rfft: needs real floating numbers, not {x.dtype.name}")
    along = axis_of(axis, x.ndim)
    whole = moveaxis(fft(x, n=n, axis=axis, norm=norm), along, -1)
    return moveaxis(whole[..., : whole.shape[-1] // 2 + 1], -1, along)


def irfft(x: Array, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Array:
    """The inverse of ``rfft``; ``n`` is the length of the result, by default ``2 * (length - 1)``."""
    along = axis_of(axis, x.ndim)
    length = 2 * (x.shape[along] - 1) if n is None else n
    half = _fitted(moveaxis(_complex(x), along, -1), length // 2 + 1)
    rest = flip(conj(half[..., 1 : (length + 1) // 2]), axis=-1)
    # What belongs to itself must be real; the imaginary parts there are left out, as everybody does.
    first = astype(real(half[..., :1]), half.dtype)
    middle = half[..., 1:] if length % 2 else concat(
        [half[..., 1 : length // 2], astype(real(half[..., length // 2 :]), half.dtype)], axis=-1
    )  # fmt: skip
    whole = concat([first, middle, rest], axis=-1) if length > 1 else first
    return moveaxis(real(ifft(whole, norm=norm)), -1, along)


def rfftn(x: Array, /, *, s: Sequence[int] | None = None, axes: Axes = None, norm: Norm = "backward") -> Array:
    """``rfft`` along the last of the axes, then ``fft`` along the others."""
    *others, (last, length) = _lengths(x, s, axes)
    x = rfft(x, n=length, axis=last, norm=norm)
    for axis, one in others:
        x = fft(x, n=one, axis=axis, norm=norm)
    return x


def irfftn(x: Array, /, *, s: Sequence[int] | None = None, axes: Axes = None, norm: Norm = "backward") -> Array:
    """The inverse of ``rfftn``."""
    *others, (last, length) = _lengths(x, s, axes)
    for axis, one in others:
        x = ifft(x, n=one, axis=axis, norm=norm)
    return irfft(x, n=length, axis=last, norm=norm)


def _opposite(norm: Norm) -> Norm:
    opposites: dict[Norm, Norm] = {"backward": "forward", "forward": "backward"}
    return opposites.get(norm, norm)


def hfft(x: Array, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Array:
    """The transform, which is real, of numbers of which the half that follows from the other is left out."""
    return irfft(conj(_complex(x)), n=n, axis=axis, norm=_opposite(norm))


def ihfft(x: Array, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Array:
    """The inverse of ``hfft``."""
    return conj(rfft(x, n=n, axis=axis, norm=_opposite(norm)))


def _frequencies(first: int, count: int, n: int, d: float, dtype: DType | None, device: str | None) -> Array:
    if device not in {None, DEVICE}:
        raise ValueError(f"there is one device, {DEVICE!r}, not {device!r}")
    wanted = float64 if dtype is None else dtype
    return astype(arange(first, first + count, dtype=float64) / (n * d), wanted, copy=False)


def fftfreq(n: int, /, *, d: float = 1.0, dtype: DType | None = None, device: str | None = None) -> Array:
    """The frequency of each place of a transform of ``n`` samples that are ``d`` apart."""
    positive = (n + 1) // 2
    ascending = _frequencies(-(n // 2), n, n, d, dtype, device)
    return roll(ascending, positive) if n else ascending


def rfftfreq(n: int, /, *, d: float = 1.0, dtype: DType | None = None, device: str | None = None) -> Array:
    """The frequency of each place of a real transform of ``n`` samples that are ``d`` apart."""
    return _frequencies(0, n // 2 + 1, n, d, dtype, device)


def fftshift(x: Array, /, *, axes: int | Axes = None) -> Array:
    """The frequency 0 brought to the middle of some axes, or all."""
    return _shifted(x, axes, 1)


def ifftshift(x: Array, /, *, axes: int | Axes = None) -> Array:
    """The inverse of ``fftshift``."""
    return _shifted(x, axes, -1)


def _shifted(x: Array, axes: int | Axes, sign: int) -> Array:
    chosen = axes_of(axes if axes is None or isinstance(axes, int) else tuple(axes), x.ndim)
    places = tuple(x.shape[one] // 2 if sign > 0 else -(x.shape[one] // 2) for one in chosen)
    return roll(x, places, axis=chosen)


__all__ = [
    "fft", "fftfreq", "fftn", "fftshift", "hfft", "ifft", "ifftn", "ifftshift", "ihfft", "irfft", "irfftn", "rfft",
    "rfftfreq", "rfftn",
]  # fmt: skip
