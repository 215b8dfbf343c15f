"""How long a product takes: on this machine, or on whatever else stands in for it."""

from __future__ import annotations

import array
from collections.abc import Callable
from itertools import repeat
from time import perf_counter_ns
from typing import Protocol

import assay.vgpu.arrays.creation as create
from assay.vgpu.arrays.array import Array
from assay.vgpu.arrays.dtypes import float16, float32, float64, int8, int32, uint16
from assay.vgpu.gemm import matmul_into
from assay.vgpu.tuning.quiet import Others
from assay.vgpu.tuning.rows import rows_of, set_rows
from assay.vgpu.tuning.types import Choice, Shape

_TYPES = {
    "fp64": (float64, float64),
    "fp32": (float32, float32),
    "bf16": (uint16, float32),
    "int8": (int8, int32),
    "fp16": (float16, float32),
}
_CODES = {"fp64": "d", "fp32": "f", "bf16": "H", "int8": "b", "fp16": "H"}
_ONE = {"bf16": 0x3F80, "fp16": 0x3C00}
_SAMPLE_NS = 400_000
_WARM_NS = 2_000_000  # a product that takes longer warms itself


class Stopwatch(Protocol):
    """Times products. A search reads no other clock, so that it is repeatable where this one is."""

    def now_s(self) -> float:
        """Seconds since some moment."""

    def product_s(self, shape: Shape, choice: Choice) -> float:
        """Seconds of one product by that choice."""

    def others_share(self) -> float | None:
        """Share of the processors that other programs used since this was asked; None where nobody knows."""


class MachineStopwatch:
    """This machine. Between calls the table of the native core holds the last choice alone."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._shape: Shape | None = None
        self._product: Callable[[], None] = lambda: None
        self._calls = 1
        self._others = Others()

    def now_s(self) -> float:
        """Seconds on the monotonic clock."""
        return perf_counter_ns() / 1e9

    def product_s(self, shape: Shape, choice: Choice) -> float:
        """Seconds of one product, the mean of as many as make the time readable."""
        if shape != self._shape:
            self._prepare(shape)
        set_rows(rows_of(shape, self._workers, choice))
        if self._calls > 1:
            self._product()
        return self._wall_ns(self._calls) / self._calls / 1e9

    def others_share(self) -> float | None:
        """By the kernel's accounts."""
        return self._others.share()

    def _prepare(self, shape: Shape) -> None:
        operands = (_matrix(shape.dtype, shape.m, shape.k, transposed=shape.a_transposed),
                    _matrix(shape.dtype, shape.k, shape.n, transposed=shape.b_transposed),
                    create.empty((shape.m, shape.n), dtype=_TYPES[shape.dtype][1]))  # fmt: skip
        self._shape, self._product = shape, lambda: matmul_into(*operands)
        self._wall_ns(1)  # the first one meets memory that was never written
        self._calls = 1
        while (wall_ns := self._wall_ns(self._calls)) < _SAMPLE_NS // 2:
            self._calls *= 2
        self._calls = max(1, self._calls * _SAMPLE_NS // wall_ns) + (wall_ns < _WARM_NS)

    def _wall_ns(self, calls: int) -> int:
        product = self._product
        start_ns = perf_counter_ns()
        for _ in repeat(None, calls):
            product()
        return perf_counter_ns() - start_ns


def _matrix(dtype: str, rows: int, columns: int, *, transposed: bool) -> Array:
    """Small numbers, none of which is denormal."""
    made = create.empty((columns, rows) if transposed else (rows, columns), dtype=_TYPES[dtype][0])
    few = [_ONE[dtype] + i % 61 for i in range(1021)] if dtype in _ONE else [i % 61 - 30 for i in range(1021)]
    pattern = array.array(_CODES[dtype], few).tobytes()
    bytes_of = memoryview(made).cast("B")
    bytes_of[:] = (pattern * (len(bytes_of) // len(pattern) + 1))[: len(bytes_of)]
    return made.T if transposed else made
