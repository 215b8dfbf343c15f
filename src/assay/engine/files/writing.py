"""Writes safetensors files, tensor by tensor, so that a model of any size takes little memory."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from assay.engine.blocks import FORMATS
from assay.engine.files.safetensors import KINDS
from assay.engine.quantise import encode
from assay.engine.tensors import Tensor

Shape = tuple[int, ...]
NAMES = {kind: name for name, kind in KINDS.items()}


def raw_tensor(kind: str, numbers: NDArray[np.float32]) -> Tensor:
    """The numbers in a format."""
    return Tensor(kind=kind, shape=numbers.shape, data=encode(kind, numbers.reshape(-1)))


def write_safetensors(path: Path, kind: str, shapes: Sequence[tuple[str, Shape]], data: Iterable[bytes]) -> None:
    """A file of tensors of one kind; ``data`` gives the bytes of each in turn, in as many pieces as it likes."""
    with path.open("wb") as file:
        file.write(_header(kind, shapes))
        for piece in data:
            file.write(piece)


def write_tensors(path: Path, tensors: dict[str, Tensor]) -> None:
    """A file of tensors that are all in memory, and all of one kind."""
    kinds = {tensor.kind for tensor in tensors.values()}
    shapes = [(name, tensor.shape) for name, tensor in tensors.items()]
    write_safetensors(path, kinds.pop(), shapes, (tensor.data.tobytes() for tensor in tensors.values()))


def _header(kind: str, shapes: Sequence[tuple[str, Shape]]) -> bytes:
    """Length and JSON, padded with blanks so that data begin at a multiple of 64 bytes."""
    text = msgspec.json.encode({"__metadata__": {"format": "pt"}, **dict(_entries(kind, shapes))})
    text += b" " * (-(8 + len(text)) % 64)
    return len(text).to_bytes(8, "little") + text


def _entries(kind: str, shapes: Sequence[tuple[str, Shape]]) -> Iterator[tuple[str, dict[str, object]]]:
    start = 0
    for name, shape in shapes:
        stop = start + FORMATS[kind].bytes_of(math.prod(shape))
        yield name, {"dtype": NAMES[kind], "shape": shape, "data_offsets": (start, stop)}
        start = stop
