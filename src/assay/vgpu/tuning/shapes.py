"""Shapes as people write them, and those that are tuned when nobody names any."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assay.vgpu.tuning.types import DTYPES, Dtype, Shape

_WRITTEN = re.compile(r"(\d{1,7})x(\d{1,7})x(\d{1,7})(?::([nt])([nt]))?")
_MOST_ELEMENTS = 1 << 28
_USUAL = (
    "256x256x256", "512x512x512", "1024x1024x1024", "1024x1024x1024:nt", "2048x2048x2048",
    "20000x64x64", "64x20000x64", "64x64x20000", "64x4096x4096",
)  # fmt: skip


def default_shapes(dtypes: Sequence[Dtype] = DTYPES) -> list[Shape]:
    """Squares, tall, wide and deep ones, and weights under a few rows."""
    return [shape_in(written, dtype) for dtype in dtypes for written in _USUAL]


def shape_in(written: str, dtype: Dtype) -> Shape:
    """The shape of ``MxNxK``, with ``:nt``, ``:tn`` or ``:tt`` where A or B is transposed.

    Raises ``ValueError`` for another text and for matrices that are empty or too large to try.
    """
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError(f"{written!r} is no shape; write MxNxK, for example 1024x1024x512, or 64x64x64:nt")
    m, n, k = (int(size) for size in found.group(1, 2, 3))
    if min(m, n, k) < 1 or max(m * n, m * k, k * n) > _MOST_ELEMENTS:
        raise ValueError(f"{written!r}: a matrix is empty or has more than {_MOST_ELEMENTS} elements")
    a, b = found.group(4, 5)
    return Shape(dtype=dtype, m=m, n=n, k=k, a_transposed=a == "t", b_transposed=b == "t")
