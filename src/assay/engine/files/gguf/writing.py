"""Writes GGUF files, tensor by tensor."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.engine.blocks import FORMATS
from assay.engine.files.gguf.reading import ARRAY, KINDS, TEXT

ALIGNMENT = 32
NUMBERS = {kind: number for number, kind in KINDS.items()}
WHOLE, SIGNED, REAL, FLAG = 4, 5, 6, 7
_FORMS = {WHOLE: "<I", SIGNED: "<i", REAL: "<f", FLAG: "<?"}

Entry = tuple[str, str, tuple[int, ...]]
"""Name, format and shape, the slowest dimension first."""


def write_gguf(path: Path, metadata: Mapping[str, Any], tensors: Sequence[Entry], data: Iterable[bytes]) -> None:
    """A file of version 3; ``data`` gives each tensor's bytes in turn, in as many pieces as it likes.

    Whole numbers become 32 bits without a sign, in lists with one, real ones fp32; lists hold texts or numbers of
    one kind.
    """
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    head += b"".join(_text(key) + _typed(value) for key, value in metadata.items())
    start = 0
    for name, kind, shape in tensors:
        sizes = struct.pack(f"<I{len(shape)}Q", len(shape), *shape[::-1])
        head += _text(name) + sizes + struct.pack("<IQ", NUMBERS[kind], start)
        start += _size(kind, shape)
    pieces = iter(data)
    with path.open("wb") as file:
        file.write(head + b"\0" * (-len(head) % ALIGNMENT))
        for _, kind, shape in tensors:
            left = FORMATS[kind].bytes_of(math.prod(shape))
            while left > 0:
                piece = next(pieces)
                left -= len(piece)
                file.write(piece)
            file.write(b"\0" * (-file.tell() % ALIGNMENT))


def _size(kind: str, shape: tuple[int, ...]) -> int:
    """Bytes from the tensor's first to the next one's."""
    size = FORMATS[kind].bytes_of(math.prod(shape))
    return size + -size % ALIGNMENT


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _typed(value: Any) -> bytes:
    if isinstance(value, list):
        kind = _kind(value[0])
        kind = SIGNED if kind == WHOLE else kind  # llama.cpp takes kinds of tokens in no other type
        return struct.pack("<IIQ", ARRAY, kind, len(value)) + b"".join(_plain(kind, one) for one in value)
    kind = _kind(value)
    return struct.pack("<I", kind) + _plain(kind, value)


def _kind(value: Any) -> int:
    if isinstance(value, bool):
        return FLAG
    return TEXT if isinstance(value, str) else WHOLE if isinstance(value, int) else REAL


def _plain(kind: int, value: Any) -> bytes:
    return _text(value) if kind == TEXT else struct.pack(_FORMS[kind], value)
