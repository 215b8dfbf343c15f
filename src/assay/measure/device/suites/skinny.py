"""A few rows against 4096 x 4096 weights, packed once: what a language model does for each token."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from itertools import cycle
from typing import Any

import numpy as np

import assay.vgpu as vg
from assay.measure.device.case import Case, Sides, Work
from assay.vgpu.weights import Int4Weights, Weights, pack_int4, pack_weights

_SIZE = 4096
_ROWS = (1, 4, 16)
_GROUP = 128
_BITS = {"fp32": 32, "bf16": 16, "int8": 8, "int4": 4}
_FAR_BYTES = 128 << 20  # more than caches hold

Matrix = np.ndarray[tuple[int, int], np.dtype[Any]]


def cases() -> list[Case]:
    """Each call takes other weights, so that they come from main memory: what it takes at least is reading them."""
    return [
        Case(
            name=f"{precision} {rows} x {_SIZE} x {_SIZE}",
            prepare=partial(_sides, precision, rows),
            precision=precision,
            operations=2 * rows * _SIZE * _SIZE,
            moved_bytes=_SIZE * _SIZE * bits // 8,
        )
        for precision, bits in _BITS.items()
        for rows in _ROWS
    ]


def _sides(precision: str, rows: int) -> Sides:
    generator = np.random.default_rng(rows)
    a = _matrix("int8" if precision == "int4" else precision, generator, (rows, _SIZE))
    ours = vg.asarray(a)
    c = vg.empty((rows, _SIZE), dtype=vg.int32 if precision == "int8" else vg.float32)
    turns = cycle(_weights(precision))

    def multiply() -> vg.Array:
        next(turns).multiply_into(ours, c)
        return c

    return Sides(ours=multiply, numpy=_by_numpy(a) if precision == "fp32" else None)


def _by_numpy(a: Matrix) -> Work:
    one = _matrix("fp32", np.random.default_rng(1), (_SIZE, _SIZE))
    weights = cycle([one.copy() for _ in range(_FAR_BYTES // one.nbytes)])
    c = np.empty((len(a), _SIZE), np.float32)
    return lambda: np.matmul(a, next(weights), out=c)


@cache
def _weights(precision: str) -> list[Weights | Int4Weights]:
    """As many equal ones as no cache holds."""
    generator = np.random.default_rng(1)
    one = _int4(generator) if precision == "int4" else pack_weights(_matrix(precision, generator, (_SIZE, _SIZE)))
    copies = -(-_FAR_BYTES // one.packed.nbytes)
    return [replace(one, packed=vg.asarray(one.packed, copy=True)) for _ in range(copies)]


def _int4(generator: np.random.Generator) -> Int4Weights:
    values = generator.integers(-8, 8, (_SIZE, _SIZE), np.int8)
    return pack_int4(values, generator.random((_SIZE // _GROUP, _SIZE), np.float32), group=_GROUP)


def _matrix(precision: str, generator: np.random.Generator, shape: tuple[int, int]) -> Matrix:
    if precision == "int8":
        return generator.integers(-127, 128, shape, np.int8)
    if precision == "bf16":
        return (0x3F80 + generator.integers(0, 128, shape)).astype(np.uint16)
    return generator.random(shape, np.float32)


PLUGIN = cases
