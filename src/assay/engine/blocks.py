"""Number formats of weights: plain floats and GGUF's blocks of small integers with their scales.

Layouts are those that the GGUF format defines (ggml's block_q8_0, block_q4_0, block_q4_K, block_q6_K). Decoding here is
the oracle for the native kernels, so it is plain NumPy in the format's own order of operations, in fp32.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Float32 = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Format:
    """How many numbers lie in how many bytes."""

    numbers: int
    """Numbers of one block; a row is whole blocks."""
    size_bytes: int
    """Bytes of one block."""

    def bytes_of(self, numbers: int) -> int:
        """Bytes of a row of that many numbers."""
        return numbers // self.numbers * self.size_bytes


FORMATS: dict[str, Format] = {
    "f32": Format(numbers=1, size_bytes=4),
    "f16": Format(numbers=1, size_bytes=2),
    "bf16": Format(numbers=1, size_bytes=2),
    "q8_0": Format(numbers=32, size_bytes=34),
    "q4_0": Format(numbers=32, size_bytes=18),
    "q4_k": Format(numbers=256, size_bytes=144),
    "q6_k": Format(numbers=256, size_bytes=210),
}
"""Every format that a tensor may have."""


def decode(kind: str, data: Bytes) -> Float32:
    """All numbers of whole blocks, one dimension."""
    blocks = data.reshape(-1, FORMATS[kind].size_bytes)
    return _DECODERS[kind](blocks).reshape(-1)


def _halves(columns: Bytes) -> Float32:
    """Pairs of bytes as fp16, widened."""
    return np.ascontiguousarray(columns).view(np.float16).astype(np.float32)


def _f32(blocks: Bytes) -> Float32:
    return np.ascontiguousarray(blocks).view(np.float32)


def _bf16(blocks: Bytes) -> Float32:
    return (np.ascontiguousarray(blocks).view(np.uint16).astype(np.uint32) << 16).view(np.float32)


def _q8_0(blocks: Bytes) -> Float32:
    """One fp16 scale, 32 signed bytes."""
    numbers: Float32 = np.ascontiguousarray(blocks[:, 2:]).view(np.int8).astype(np.float32)
    numbers *= _halves(blocks[:, :2])
    return numbers


def _q4_0(blocks: Bytes) -> Float32:
    """One fp16 scale, 32 numbers from −8 to 7: the low halves of 16 bytes, then the high ones."""
    packed = blocks[:, 2:]
    numbers = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32) - np.float32(8.0)
    return numbers * _halves(blocks[:, :2])


def _q4_k(blocks: Bytes) -> Float32:
    """256 numbers of 4 bits in 8 groups, each with a scale and an offset of 6 bits, and one fp16 scale for either."""
    scale, offset = _halves(blocks[:, 0:2]), _halves(blocks[:, 2:4])
    six = blocks[:, 4:16]
    low, middle, high = six[:, 0:4], six[:, 4:8], six[:, 8:12]
    scales = np.concatenate([low & 63, (high & 15) | (low >> 6 << 4)], axis=1).astype(np.float32)
    offsets = np.concatenate([middle & 63, (high >> 4) | (middle >> 6 << 4)], axis=1).astype(np.float32)
    packed = blocks[:, 16:].reshape(-1, 4, 1, 32)
    groups = np.concatenate([packed & 15, packed >> 4], axis=2).reshape(-1, 8, 32).astype(np.float32)
    return (scale * scales)[:, :, None] * groups - (offset * offsets)[:, :, None]


def _q6_k(blocks: Bytes) -> Float32:
    """256 numbers of 6 bits from −32 to 31 in 16 groups, each with a signed byte as scale, an fp16 scale for all."""
    low = blocks[:, :128].reshape(-1, 2, 1, 2, 32)
    high = blocks[:, 128:192].reshape(-1, 2, 1, 1, 32)
    four = np.concatenate([low & 15, low >> 4], axis=2).reshape(-1, 2, 4, 32)
    two = np.concatenate([high >> shift & 3 for shift in (0, 2, 4, 6)], axis=2).reshape(-1, 2, 4, 32)
    numbers = ((four | two << 4).astype(np.float32) - np.float32(32.0)).reshape(-1, 16, 16)
    scales = np.ascontiguousarray(blocks[:, 192:208]).view(np.int8).astype(np.float32)
    scaled: Float32 = (_halves(blocks[:, 208:]) * scales)[:, :, None] * numbers
    return scaled


_DECODERS: dict[str, Callable[[Bytes], Float32]] = {
    "f32": _f32,
    "f16": _halves,
    "bf16": _bf16,
    "q8_0": _q8_0,
    "q4_0": _q4_0,
    "q4_k": _q4_k,
    "q6_k": _q6_k,
}
