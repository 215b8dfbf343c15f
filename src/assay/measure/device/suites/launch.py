"""What a launch costs, beside what it launches."""

from __future__ import annotations

import numpy as np

import assay.vgpu as vg
from assay.measure.device.case import Case, Sides
from assay.vgpu.runtime.native import native

_NODES = 1_000
_CALLS = 100


def cases() -> list[Case]:
    """The empty call is what Python itself costs."""
    return [
        Case(name="an empty call", prepare=lambda: Sides(ours=native.nothing)),
        Case(name="a launch of nothing", prepare=lambda: Sides(ours=vg.default_stream().nothing)),
        Case(name="a node of a replayed graph", prepare=_graph, things=_NODES),
        Case(name="a 16 x 16 product", prepare=_product),
        Case(name="a 16 x 16 product, counted", prepare=_counted_product, things=_CALLS),
    ]


def _graph() -> Sides:
    stream = vg.default_stream()
    with stream.capture() as capture:
        for _ in range(_NODES):
            stream.nothing()
    return Sides(ours=lambda: stream.replay(capture.graph))


def _product() -> Sides:
    a = np.random.default_rng(1).random((16, 16), np.float32)
    x, y = vg.asarray(a), vg.empty((16, 16), dtype=vg.float32)
    c, stream = np.empty_like(a), vg.default_stream()

    def ours() -> vg.Array:
        stream.gemm(x, x, y)
        return y

    return Sides(ours=ours, numpy=lambda: np.matmul(a, a, out=c))


def _counted_product() -> Sides:
    work = _product().ours

    def counted() -> None:
        with vg.profile():
            for _ in range(_CALLS):
                work()

    return Sides(ours=counted)


PLUGIN = cases
