"""Random weights, tensor by tensor: the same for the same preset and name on every machine, in whatever order."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from assay.engine.architecture import Architecture
from assay.engine.files.inventory import expected

Float32 = NDArray[np.float32]
PIECE = 1 << 22
"""Numbers that are made at a time: what a core's cache holds several times over is slower to fill."""


def pieces(preset: str, name: str, shape: tuple[int, ...]) -> Iterator[Float32]:
    """The tensor's numbers in whole rows, a few million at a time.

    Norms are 1. The rest are uniform with the spread at which a layer keeps the size of what goes through it.
    """
    columns = shape[-1]
    if "norm" in name:
        yield np.ones(columns, dtype=np.float32)
        return
    random = np.random.Generator(np.random.PCG64([zlib.crc32(preset.encode()), zlib.crc32(name.encode())]))
    reach = np.float32(0.02 if len(shape) == 1 or "embed" in name else (3.0 / columns) ** 0.5)
    rows = int(np.prod(shape[:-1], dtype=np.int64))
    step = max(PIECE // columns, 1)
    for start in range(0, rows, step):
        numbers = random.random((min(step, rows - start), columns), dtype=np.float32)
        numbers -= np.float32(0.5)
        numbers *= 2 * reach
        yield numbers


def tensors(preset: str, architecture: Architecture) -> Iterator[tuple[str, tuple[int, ...], Iterator[Float32]]]:
    """Every weight of the decoder: name, shape, numbers."""
    for name, shape in expected(architecture):
        yield name, shape, pieces(preset, name, shape)
