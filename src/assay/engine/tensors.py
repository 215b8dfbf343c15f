"""Weights as they lie in a file: raw rows, described, and what numbers they stand for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.engine.blocks import FORMATS, decode

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Tensor:
    """A matrix or vector of weights.

    ``data`` holds ``rows`` rows one behind the other, each of ``row_bytes`` bytes; it is read-only and mostly a view
    on a mapped file, which stays mapped as long as the tensor lives.
    """

    kind: str
    """How numbers are written: a key of ``blocks.FORMATS``."""
    shape: tuple[int, ...]
    """Outputs and inputs of a matrix, or the length of a vector."""
    data: Bytes
    """The raw bytes, one dimension, contiguous."""

    @property
    def columns(self) -> int:
        """Numbers of one row."""
        return self.shape[-1]

    @property
    def rows(self) -> int:
        """Rows, over all dimensions but the last."""
        return math.prod(self.shape[:-1])

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return FORMATS[self.kind].bytes_of(self.columns)

    def part(self, start: int, stop: int) -> Tensor:
        """Rows from ``start`` up to ``stop``, without a copy."""
        width = self.row_bytes
        return Tensor(kind=self.kind, shape=(stop - start, self.columns), data=self.data[start * width : stop * width])

    def reordered(self, order: NDArray[np.int64]) -> Tensor:
        """The rows in another order, as a copy; a vector's numbers are its rows."""
        width = self.row_bytes if len(self.shape) > 1 else FORMATS[self.kind].bytes_of(1)
        moved = self.data.reshape(-1, width)[order].reshape(-1)
        moved.flags.writeable = False
        return Tensor(kind=self.kind, shape=self.shape, data=moved)

    def float32(self) -> NDArray[np.float32]:
        """The numbers that the bytes stand for, in the tensor's shape."""
        return decode(self.kind, self.data).reshape(self.shape)
