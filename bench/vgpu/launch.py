"""What a launch costs: against an empty call, in a graph, and with counters on.

Run: ``python -m bench.vgpu.launch``
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from itertools import repeat

import numpy as np

import assay.vgpu as vg
from assay.vgpu import _native as native
from bench.harness import Figure, Pair, Side, measure
from bench.table import FIGURE_HEAD, RATIO_HEAD, figure_rows, ratio_rows, text_table

BLOCKS = 60
NODES = 1_000


def call_s(function: Callable[[], object], calls: int) -> float:
    """Seconds of one call, the loop included."""
    start_ns = time.perf_counter_ns()
    for _ in repeat(None, calls):
        function()
    return (time.perf_counter_ns() - start_ns) / calls / 1e9


def product() -> Callable[[], None]:
    """A 64 × 64 product in fp32, launched from Python."""
    a = np.random.default_rng(1).random((64, 64), dtype=np.float32)
    c = np.empty_like(a)
    stream = vg.default_stream()
    return lambda: stream.gemm(a, a, c)


def counted(function: Callable[[], object]) -> float:
    """Seconds of one call with counters on."""
    with vg.profile():
        vg.default_stream().nothing()
        return call_s(function, 2_000)


def pairs() -> list[Pair]:
    """Each against what it is compared with."""
    work, stream = product(), vg.default_stream()
    return [
        Pair(
            "64 × 64 product, counters on",
            Side("on", lambda: counted(work)),
            Side("off", lambda: call_s(work, 2_000)),
        ),
        Pair(
            "launch of nothing",
            Side("Stream.nothing", lambda: call_s(stream.nothing, 20_000)),
            Side("empty call", lambda: call_s(native.nothing, 20_000)),
        ),
    ]


def node_s() -> float:
    """Seconds of one node of a replayed graph, the best of several."""
    stream = vg.default_stream()
    with stream.capture() as capture:
        for _ in range(NODES):
            stream.nothing()
    return min(call_s(lambda: stream.replay(capture.graph), 100) for _ in range(20)) / NODES


def main() -> None:
    """Measure and print."""
    stream = vg.default_stream()
    empty_s, launch_s = (min(call_s(f, 20_000) for _ in range(20)) for f in (native.nothing, stream.nothing))
    figures = [
        Figure("launch of nothing, above an empty call", (launch_s - empty_s) * 1e9, "ns", "300 ns"),
        Figure("node of a replayed graph", node_s() * 1e9, "ns", "50 ns"),
    ]
    sys.stdout.write(text_table(RATIO_HEAD, ratio_rows(measure(pairs(), BLOCKS, seed=1))))
    sys.stdout.write("\n" + text_table(FIGURE_HEAD, figure_rows(figures)))


if __name__ == "__main__":
    main()
