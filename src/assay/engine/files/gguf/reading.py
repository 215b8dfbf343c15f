"""Reads a GGUF file's metadata and table of tensors over a map; each count is held against the bytes that are there."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.engine.blocks import FORMATS
from assay.engine.files.mapping import mapped
from assay.engine.tensors import Tensor
from assay.errors import ModelError

VERSIONS = (2, 3)
KINDS = {0: "f32", 1: "f16", 2: "q4_0", 8: "q8_0", 12: "q4_k", 14: "q6_k", 30: "bf16"}
"""Numbers of the formats of weights that the engine reads."""
SCALARS = {0: "u1", 1: "i1", 2: "<u2", 3: "<i2", 4: "<u4", 5: "<i4", 6: "<f4", 7: "?", 10: "<u8", 11: "<i8", 12: "<f8"}
TEXT, ARRAY = 8, 9
KEY_BYTES = 65535
DIMENSIONS = 4
LEAST_ENTRY_BYTES = 12
"""No entry of either table is shorter."""


class BrokenFileError(Exception):
    """What does not fit; the file's name is added where it is caught."""


@dataclass(frozen=True, kw_only=True)
class Gguf:
    """What a file holds."""

    metadata: Mapping[str, Any]
    """Numbers, texts, flags; arrays of numbers as NumPy arrays, of texts as lists."""
    tensors: Mapping[str, Tensor]
    """Each tensor, the slowest dimension first."""
    path: Path
    """The file."""


class Cursor:
    """A place in the file that only moves over bytes that exist."""

    def __init__(self, content: NDArray[np.uint8]) -> None:
        self._content = content
        self.place = 0

    def take(self, size: int) -> NDArray[np.uint8]:
        """The next bytes."""
        if size > len(self._content) - self.place:
            raise BrokenFileError(f"{size} bytes are wanted at {self.place} of {len(self._content)}")
        self.place += size
        return self._content[self.place - size : self.place]

    def whole(self, form: str = "<Q") -> int:
        """A whole number."""
        return int(struct.unpack(form, self.take(struct.calcsize(form)).tobytes())[0])

    def count(self, least_bytes: int) -> int:
        """A number of things of at least that size, for which the file has room."""
        number = self.whole()
        if number > (len(self._content) - self.place) // least_bytes:
            raise BrokenFileError(f"{number} entries are claimed at byte {self.place - 8} of {len(self._content)}")
        return number

    def text(self, limit: int | None = None) -> str:
        """Length and UTF-8; what is not is replaced."""
        size = self.whole()
        if limit is not None and size > limit:
            raise BrokenFileError(f"a name of {size} bytes at {self.place - 8}")
        return self.take(size).tobytes().decode("utf-8", "replace")

    def value(self, kind: int) -> Any:
        """A value of metadata."""
        if kind == TEXT:
            return self.text()
        if kind == ARRAY:
            return self._array()
        return self._numbers(kind, 1)[0].item()

    def _array(self) -> Any:
        kind = self.whole("<I")
        if kind == TEXT:
            return [self.text() for _ in range(self.count(8))]
        return self._numbers(kind, self.count(1))

    def _numbers(self, kind: int, count: int) -> NDArray[Any]:
        if kind not in SCALARS:
            raise BrokenFileError(f"a value of the unknown type {kind} at byte {self.place}")
        return self.take(count * np.dtype(SCALARS[kind]).itemsize).view(SCALARS[kind])


def read_file(path: Path) -> Gguf:
    """Metadata and tensors of the file."""
    content = mapped(path)
    try:
        metadata, tensors = _parse(Cursor(content), content)
    except BrokenFileError as error:
        remedy = "the file is damaged or not whole; download or convert it again"
        raise ModelError(f"can't be read: {error}", where=str(path), remedy=remedy) from error
    return Gguf(metadata=metadata, tensors=tensors, path=path)


def _parse(cursor: Cursor, content: NDArray[np.uint8]) -> tuple[dict[str, Any], dict[str, Tensor]]:
    if cursor.take(4).tobytes() != b"GGUF":
        raise BrokenFileError("it does not begin with GGUF")
    version = cursor.whole("<I")
    if version not in VERSIONS:
        raise BrokenFileError(f"it has version {version}, and {VERSIONS} are known")
    tensor_count, pair_count = cursor.count(LEAST_ENTRY_BYTES), cursor.count(LEAST_ENTRY_BYTES)
    metadata = _unique("key", pair_count, lambda: (cursor.text(KEY_BYTES), cursor.value(cursor.whole("<I"))))
    entries = _unique("tensor", tensor_count, lambda: (cursor.text(KEY_BYTES), _entry(cursor)))
    alignment = metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or not 1 <= alignment <= 1 << 20:
        raise BrokenFileError(f"general.alignment is {alignment}")
    data = content[-(-cursor.place // alignment) * alignment :]
    return metadata, {name: _tensor(name, entry, data) for name, entry in entries.items()}


def _unique(what: str, count: int, read: Callable[[], tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(count):
        name, value = read()
        if name in found:
            raise BrokenFileError(f"the {what} {name[:80]!r} occurs twice")
        found[name] = value
    return found


def _entry(cursor: Cursor) -> tuple[tuple[int, ...], int, int]:
    """Shape, the slowest dimension first; format; first byte."""
    dimensions = cursor.whole("<I")
    if not 1 <= dimensions <= DIMENSIONS:
        raise BrokenFileError(f"a tensor of {dimensions} dimensions at byte {cursor.place}")
    sizes = tuple(cursor.whole() for _ in range(dimensions))
    return sizes[::-1], cursor.whole("<I"), cursor.whole()


def _tensor(name: str, entry: tuple[tuple[int, ...], int, int], data: NDArray[np.uint8]) -> Tensor:
    shape, number, start = entry
    kind = KINDS.get(number)
    if kind is None:
        raise BrokenFileError(f"tensor {name[:80]!r} has format {number}, and {', '.join(FORMATS)} are known")
    if shape[-1] % FORMATS[kind].numbers:
        raise BrokenFileError(f"tensor {name[:80]!r} has rows of {shape[-1]}, which are no whole blocks of {kind}")
    size = FORMATS[kind].bytes_of(math.prod(shape))
    if start + size > len(data):
        raise BrokenFileError(f"tensor {name[:80]!r} ends at byte {start + size} of {len(data)}")
    return Tensor(kind=kind, shape=shape, data=data[start : start + size])
