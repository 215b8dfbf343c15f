from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assay.engine.blocks import FORMATS, decode
from assay.engine.quantise import encode

ERRORS = {"f32": 0.0, "f16": 3e-4, "bf16": 3e-3, "q8_0": 6e-3, "q6_k": 0.03, "q4_k": 0.1, "q4_0": 0.1}
"""Root mean square error over standard deviation, of normal numbers."""


@pytest.mark.parametrize("kind", FORMATS)
def test_numbers_come_back_as_near_as_the_bits_allow(kind: str) -> None:
    numbers = np.random.default_rng(0).standard_normal(4096).astype(np.float32)
    raw = encode(kind, numbers)
    assert len(raw) == FORMATS[kind].bytes_of(4096)
    assert np.sqrt(np.mean((decode(kind, raw) - numbers) ** 2)) <= ERRORS[kind]


@pytest.mark.parametrize("kind", FORMATS)
def test_zeros_stay_zeros(kind: str) -> None:
    assert not decode(kind, encode(kind, np.zeros(512, dtype=np.float32))).any()


def test_each_number_of_a_block_of_eight_bits_has_its_place() -> None:
    block = np.concatenate(
        [np.array([0.5], dtype=np.float16).view(np.uint8), np.arange(32, dtype=np.int8).view(np.uint8)]
    )
    assert decode("q8_0", block).tolist() == [0.5 * number for number in range(32)]


def test_low_halves_of_four_bits_come_before_high_ones() -> None:
    packed = np.array([0x98] * 16, dtype=np.uint8)
    block = np.concatenate([np.array([2.0], dtype=np.float16).view(np.uint8), packed])
    assert decode("q4_0", block).tolist() == [0.0] * 16 + [2.0] * 16


@pytest.mark.parametrize("kind", ["f16", "bf16", "q8_0", "q4_0", "q4_k", "q6_k"])
def test_random_bytes_mean_what_the_gguf_package_says(kind: str) -> None:
    quants: Any = pytest.importorskip("gguf.quants", reason="gguf is not installed")
    gguf: Any = pytest.importorskip("gguf", reason="gguf is not installed")
    theirs = gguf.GGMLQuantizationType[kind.upper()]
    random = np.random.default_rng(3)
    raw = random.integers(0, 256, (40, 8 * FORMATS[kind].size_bytes), dtype=np.uint8)
    with np.errstate(all="ignore"):
        expected, found = quants.dequantize(raw, theirs).reshape(-1), decode(kind, raw.reshape(-1))
    assert np.array_equal(found, expected, equal_nan=True)


@pytest.mark.parametrize("kind", ["f16", "bf16", "q8_0", "q4_0"])
def test_bytes_are_those_that_the_gguf_package_writes(kind: str) -> None:
    quants: Any = pytest.importorskip("gguf.quants", reason="gguf is not installed")
    gguf: Any = pytest.importorskip("gguf", reason="gguf is not installed")
    numbers = np.random.default_rng(5).standard_normal((16, 256)).astype(np.float32)
    expected = quants.quantize(numbers, gguf.GGMLQuantizationType[kind.upper()]).view(np.uint8).reshape(-1)
    assert np.array_equal(encode(kind, numbers.reshape(-1)), expected)
