"""Reads the header of a safetensors file over a map, and checks each of its claims before a byte of data is touched."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from assay.engine.blocks import FORMATS
from assay.engine.files.mapping import mapped
from assay.engine.tensors import Tensor
from assay.errors import ModelError

HEADER_BYTES = 100_000_000
"""The longest header that the format allows."""
KINDS = {"F32": "f32", "F16": "f16", "BF16": "bf16"}
DIMENSIONS = 8

Whole = Annotated[int, Meta(ge=0, le=2**48)]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One tensor as the header tells of it."""

    dtype: str
    """The format's name for how numbers are written."""
    shape: Annotated[tuple[Whole, ...], Meta(max_length=DIMENSIONS)]
    """Sizes, the slowest first."""
    data_offsets: tuple[Whole, Whole]
    """First byte and the byte after the last, from the end of the header."""


def read_safetensors(path: Path) -> dict[str, Tensor]:
    """Every tensor of the file by its name."""
    content = mapped(path)
    header, data = _split(content, path)
    tensors = {name: _tensor(name, entry, data, path) for name, entry in header.items()}
    _check_coverage(header, len(data), path)
    return tensors


def _split(content: NDArray[np.uint8], path: Path) -> tuple[dict[str, Entry], NDArray[np.uint8]]:
    if len(content) < 8:
        raise _damaged(f"{len(content)} bytes are too few for a header", path)
    length = int.from_bytes(content[:8].tobytes(), "little")
    if length > min(HEADER_BYTES, len(content) - 8):
        raise _damaged(f"its header claims {length} bytes and the file has {len(content)}", path)
    try:
        raw = msgspec.json.decode(content[8 : 8 + length].tobytes(), type=dict[str, msgspec.Raw])
        raw.pop("__metadata__", None)
        header = {name: msgspec.json.decode(entry, type=Entry) for name, entry in raw.items()}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _damaged(f"its header can't be read: {error}", path) from error
    return header, content[8 + length :]


def _tensor(name: str, entry: Entry, data: NDArray[np.uint8], path: Path) -> Tensor:
    kind = KINDS.get(entry.dtype)
    if kind is None:
        what = f"tensor {name!r} has numbers of kind {entry.dtype!r}"
        raise ModelError(what, where=str(path), remedy=f"convert it to one of {', '.join(KINDS)}")
    start, stop = entry.data_offsets
    expected = math.prod(entry.shape) * FORMATS[kind].size_bytes
    if not start <= stop <= len(data):
        raise _damaged(f"tensor {name!r} lies at {start} to {stop} of {len(data)} bytes", path)
    if stop - start != expected:
        raise _damaged(f"tensor {name!r} of shape {entry.shape} takes {expected} bytes and has {stop - start}", path)
    return Tensor(kind=kind, shape=entry.shape, data=data[start:stop])


def _check_coverage(header: dict[str, Entry], size: int, path: Path) -> None:
    """The format allows neither gaps nor overlaps: one byte has one owner."""
    reached = 0
    for start, stop, name in sorted((*entry.data_offsets, name) for name, entry in header.items()):
        if start != reached:
            raise _damaged(f"tensor {name!r} begins at byte {start}, the one before it ends at {reached}", path)
        reached = stop
    if reached != size:
        raise _damaged(f"the last tensor ends at byte {reached} of {size}", path)


def _damaged(what: str, path: Path) -> ModelError:
    return ModelError(what, where=str(path), remedy="the file is damaged or not whole; download or convert it again")
