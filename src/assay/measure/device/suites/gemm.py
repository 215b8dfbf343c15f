"""Products of square and tall matrices, of each type that the device multiplies."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import assay.vgpu as vg
from assay.measure.device.case import Case, Sides
from assay.vgpu.gemm import matmul_into

_STORED = {"fp64": "float64", "fp32": "float32", "bf16": "uint16", "fp16": "float16", "int8": "int8"}
_RESULTS = {"fp64": "float64", "int8": "int32"}
Matrix = np.ndarray[tuple[int, int], np.dtype[Any]]
_SHAPES = {
    "fp64": ((512, 512, 512), (1024, 1024, 1024)),
    "fp32": ((64, 64, 64), (512, 512, 512), (1024, 1024, 1024), (1001, 1003, 999), (20000, 64, 64), (64, 20000, 64)),
    "bf16": ((1024, 1024, 1024),),
    "fp16": ((1024, 1024, 1024),),
    "int8": ((1024, 1024, 1024),),
}


def cases() -> list[Case]:
    """Sizes are rows of A, columns of B, columns of A."""
    return [
        Case(
            name=f"{precision} {m} x {n} x {k}",
            prepare=partial(_sides, precision, m, n, k),
            precision=precision,
            operations=2 * m * n * k,
        )
        for precision, shapes in _SHAPES.items()
        for m, n, k in shapes
    ]


def _sides(precision: str, m: int, n: int, k: int) -> Sides:
    generator = np.random.default_rng(m)
    a, b = (_matrix(precision, generator, shape) for shape in ((m, k), (k, n)))
    x, y = vg.asarray(a), vg.asarray(b)
    c = vg.empty((m, n), dtype=getattr(vg, _RESULTS.get(precision, "float32")))
    theirs = np.empty((m, n), a.dtype)
    numpy = partial(np.matmul, a, b, out=theirs) if precision in {"fp32", "fp64"} else None

    def ours() -> vg.Array:
        matmul_into(x, y, c)
        return c

    return Sides(ours=ours, numpy=numpy)


def _matrix(precision: str, generator: np.random.Generator, shape: tuple[int, int]) -> Matrix:
    if precision == "int8":
        return generator.integers(-127, 128, shape, np.int8)
    if precision == "bf16":
        return (0x3F80 + generator.integers(0, 128, shape)).astype(np.uint16)
    return generator.random(shape).astype(_STORED[precision])


PLUGIN = cases
