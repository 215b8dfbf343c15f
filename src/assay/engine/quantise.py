"""From fp32 to the formats of weights, in whole blocks; the inverse of ``blocks``, as near as its bits allow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from assay.engine.blocks import FORMATS

Bytes = NDArray[np.uint8]
Float32 = NDArray[np.float32]


def encode(kind: str, numbers: Float32) -> Bytes:
    """The bytes of the numbers, which are whole blocks, one dimension."""
    blocks = np.ascontiguousarray(numbers, dtype=np.float32).reshape(-1, FORMATS[kind].numbers)
    return _ENCODERS[kind](blocks).reshape(-1)


def _raw(numbers: NDArray[np.generic], rows: int) -> Bytes:
    return np.ascontiguousarray(numbers).view(np.uint8).reshape(rows, -1)


def _f32(blocks: Float32) -> Bytes:
    return _raw(blocks, len(blocks))


def _f16(blocks: Float32) -> Bytes:
    return _raw(blocks.astype(np.float16), len(blocks))


def _bf16(blocks: Float32) -> Bytes:
    """Rounded to the nearest, ties to even."""
    bits = blocks.view(np.uint32)
    rounded = (bits + np.uint32(0x7FFF) + (bits >> 16 & 1)) >> 16
    quiet = bits >> 16 | 0x40
    return _raw(np.where(np.isnan(blocks), quiet, rounded).astype(np.uint16), len(blocks))


def _inverse(scale: Float32) -> Float32:
    return np.divide(np.float32(1.0), scale, out=np.zeros_like(scale), where=scale != 0)


def _away(numbers: Float32) -> Float32:
    """Rounded to the nearest, ties away from zero."""
    rounded: Float32 = np.trunc(numbers + np.copysign(np.float32(0.5), numbers))
    return rounded


def _q8_0(blocks: Float32) -> Bytes:
    scale = np.abs(blocks).max(axis=1, keepdims=True) / np.float32(127.0)
    whole = _away(blocks * _inverse(scale)).astype(np.int8)
    return np.concatenate([_raw(scale.astype(np.float16), len(blocks)), whole.view(np.uint8)], axis=1)


def _q4_0(blocks: Float32) -> Bytes:
    """The number that is largest in size becomes −8, whatever its sign."""
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=1, keepdims=True), axis=1)
    scale = largest / np.float32(-8.0)
    whole = np.clip(np.trunc(blocks * _inverse(scale) + np.float32(8.5)), 0, 15).astype(np.uint8)
    return np.concatenate([_raw(scale.astype(np.float16), len(blocks)), whole[:, :16] | whole[:, 16:] << 4], axis=1)


def _q4_k(blocks: Float32) -> Bytes:
    """Each group of 32 from its least to its greatest number, zero included."""
    groups = blocks.reshape(-1, 8, 32)
    least = np.minimum(groups.min(axis=2), np.float32(0.0))
    steps = (np.maximum(groups.max(axis=2), np.float32(0.0)) - least) / np.float32(15.0)
    scale, scales = _of_six_bits(steps)
    offset, offsets = _of_six_bits(-least)
    step = scale * scales
    whole = np.rint((groups + (offset * offsets)[:, :, None]) * _inverse(step)[:, :, None])
    whole_bytes = np.clip(whole, 0, 15).astype(np.uint8).reshape(-1, 4, 2, 32)
    packed = (whole_bytes[:, :, 0] | whole_bytes[:, :, 1] << 4).reshape(-1, 128)
    first, second = scales.astype(np.uint8), offsets.astype(np.uint8)
    low = first[:, :4] | first[:, 4:] >> 4 << 6
    middle = second[:, :4] | second[:, 4:] >> 4 << 6
    high = first[:, 4:] & 15 | (second[:, 4:] & 15) << 4
    heads = [_raw(part.astype(np.float16), len(blocks)) for part in (scale, offset)]
    return np.concatenate([*heads, low, middle, high, packed], axis=1)


def _of_six_bits(numbers: Float32) -> tuple[Float32, Float32]:
    """One fp16 scale a row, and whole numbers up to 63 that it multiplies."""
    scale = (numbers.max(axis=1, keepdims=True) / np.float32(63.0)).astype(np.float16).astype(np.float32)
    return scale, np.clip(np.rint(numbers * _inverse(scale)), 0, 63).astype(np.float32)


def _q6_k(blocks: Float32) -> Bytes:
    groups = blocks.reshape(-1, 16, 16)
    steps = np.abs(groups).max(axis=2) / np.float32(31.0)
    scale = (steps.max(axis=1, keepdims=True) / np.float32(127.0)).astype(np.float16).astype(np.float32)
    scales = np.clip(np.rint(steps * _inverse(scale)), 0, 127).astype(np.float32)
    whole = np.rint(groups * _inverse(scale * scales)[:, :, None]) + np.float32(32.0)
    six = np.clip(whole, 0, 63).astype(np.uint8).reshape(-1, 2, 4, 32)
    low = (six[:, :, :2] & 15 | (six[:, :, 2:] & 15) << 4).reshape(-1, 128)
    two = six >> 4
    high = (two[:, :, 0] | two[:, :, 1] << 2 | two[:, :, 2] << 4 | two[:, :, 3] << 6).reshape(-1, 64)
    tail = [scales.astype(np.uint8), _raw(scale.astype(np.float16), len(blocks))]
    return np.concatenate([low, high, *tail], axis=1)


_ENCODERS: dict[str, Callable[[Float32], Bytes]] = {
    "f32": _f32,
    "f16": _f16,
    "bf16": _bf16,
    "q8_0": _q8_0,
    "q4_0": _q4_0,
    "q4_k": _q4_k,
    "q6_k": _q6_k,
}
