"""What the native array type gets from Python: indexing, the protocols of other libraries, text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from assay.vgpu.arrays import indexing
from assay.vgpu.arrays.dtypes import DTYPES
from assay.vgpu.arrays.native import DEVICE, PRESENT, Array, native

_DL_CPU = (1, 0)
_SHOWN_ITEMS = 1000
_VERSIONS = ("2021.12", "2022.12", "2023.12", "2024.12", "2025.12")


def _device(self: Array) -> str:
    """Where the memory is: always the vGPU."""
    del self
    return DEVICE


def _transposed(self: Array) -> Array:
    """The transpose of a matrix, as a view."""
    if self.ndim != 2:
        raise ValueError(f"T: needs two axes, not {self.ndim}; use mT for stacks of matrices, or permute_dims")
    return self.mT


def _matrices_transposed(self: Array) -> Array:
    """The transposes of a stack of matrices, as a view."""
    if self.ndim < 2:
        raise ValueError(f"mT: needs at least two axes, not {self.ndim}")
    shape, strides = self.shape, self.strides
    turned = (*shape[:-2], shape[-1], shape[-2]), (*strides[:-2], strides[-1], strides[-2])
    return native.array_view(self, 0, *turned, self.dtype.code)


def _namespace(self: Array, *, api_version: str | None = None) -> ModuleType:
    """The module ``assay.vgpu``."""
    del self
    if api_version not in {None, *_VERSIONS}:
        raise ValueError(
            f"version {api_version!r} of the array API standard is not known; there are {', '.join(_VERSIONS)}"
        )
    return sys.modules["assay.vgpu"]


def _iterated(self: Array) -> Iterator[Array]:
    """The parts along the first axis, as views."""
    return (self[place] for place in range(len(self)))


def _complex(self: Array) -> complex:
    """The only element."""
    if self.ndim:
        raise TypeError(f"complex() needs an array of no dimensions, not of shape {self.shape}")
    return complex(self.item())


def _dlpack(
    self: Array,
    *,
    stream: None = None,
    max_version: tuple[int, int] | None = None,
    dl_device: tuple[int, int] | None = None,
    copy: bool | None = None,
) -> object:
    """The memory as a DLPack capsule, shared unless ``copy`` is true.

    Raises ``BufferError`` for other devices, and for negative strides: PyTorch ends the process when it is given some.
    """
    if stream is not None:
        raise ValueError("__dlpack__: memory of the machine has no streams; pass none")
    if dl_device is not None and tuple(dl_device) != _DL_CPU:
        raise BufferError("__dlpack__: the memory is the machine's; only dl_device=(1, 0) is possible")
    if not copy and any(stride < 0 for stride in self.strides):
        raise BufferError(
            "__dlpack__: negative strides, which PyTorch can't take; pass copy=True, or copy the array first"
        )
    versioned = max_version is not None and max_version[0] >= 1
    source = native.array_copy(self, self.dtype.code) if copy else self
    return native.array_to_capsule(source, versioned, bool(copy))


def _dlpack_device(self: Array) -> tuple[int, int]:
    """The machine's memory, as DLPack numbers it."""
    del self
    return _DL_CPU


def _numpy(self: Array, dtype: object = None, copy: bool | None = None) -> Any:  # noqa: FBT001 (NumPy's protocol)
    """A NumPy array of the same memory."""
    import numpy as np

    shared = np.asarray(memoryview(self))
    wanted = shared.dtype if dtype is None else np.dtype(dtype)  # type: ignore[call-overload]
    if copy is False and wanted != shared.dtype:
        raise ValueError(f"__array__: {shared.dtype} can't become {wanted} without a copy")
    return shared.astype(wanted, copy=bool(copy))


def _to_device(self: Array, device: str, /, *, stream: None = None) -> Array:
    """The array itself: there is one device."""
    if device != DEVICE or stream is not None:
        raise ValueError(f"to_device: there is one device, {DEVICE!r}, and it has no streams to pass here")
    return self


def _item(self: Array) -> Any:
    """The only element, as a Python number."""
    if self.size != 1:
        raise ValueError(f"item: needs exactly one element, not {self.size}")
    return native.array_items(self)[0]


def _to_list(self: Array) -> Any:
    """The elements as nested lists of Python numbers."""
    return _nested(list(native.array_items(self)), self.shape)


def _nested(items: list[Any], shape: tuple[int, ...]) -> Any:
    if not shape:
        return items[0]
    if len(shape) == 1:
        return items
    step = len(items) // shape[0] if shape[0] else 0
    return [_nested(items[row * step : (row + 1) * step], shape[1:]) for row in range(shape[0])]


def _text(self: Array) -> str:
    """The elements, where they are few, and the type."""
    shown = str(self.tolist()) if self.size <= _SHOWN_ITEMS else f"<{' × '.join(map(str, self.shape))} elements>"
    return f"Array({shown}, dtype={self.dtype.name})"


def _attach() -> None:
    """Give the native type its methods; a subclass in Python would be slower to make."""
    for name, member in {
        "T": property(_transposed),
        "__array__": _numpy,
        "__array_namespace__": _namespace,
        "__complex__": _complex,
        "__dlpack__": _dlpack,
        "__dlpack_device__": _dlpack_device,
        "__iter__": _iterated,
        "__repr__": _text,
        "__setitem__": indexing.put,
        "device": property(_device),
        "item": _item,
        "mT": property(_matrices_transposed),
        "to_device": _to_device,
        "tolist": _to_list,
    }.items():
        setattr(Array, name, member)


if PRESENT:
    native.array_setup(DTYPES, indexing.get)
    _attach()

__all__ = ["Array"]
