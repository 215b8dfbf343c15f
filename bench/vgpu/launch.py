"""What a launch costs: above an empty call by nanobind, in a graph, and with counters on.

Times are processor time of this thread, which other programs disturb least. Run: ``python -m bench vgpu.launch``; the
peer needs nanobind, cmake, ninja and Python's headers.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import repeat
from pathlib import Path

import numpy as np

import assay.vgpu as vg
from bench.harness import Figure, Options, Pair, Side, Suite
from bench.native.call_cost import build

NODES = 1_000
CALLS = 20_000
PRODUCTS = 1_000
ROUNDS = 201


def call_s(function: Callable[[], object], calls: int) -> float:
    """Seconds of one call, the loop included."""
    start_ns = time.thread_time_ns()
    for _ in repeat(None, calls):
        function()
    return (time.thread_time_ns() - start_ns) / calls / 1e9


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
        return call_s(function, PRODUCTS)


@contextmanager
def pairs(options: Options) -> Iterator[list[Pair]]:
    """Each against what it is compared with."""
    work, stream, empty = product(), vg.default_stream(), empty_call(options.folder)
    yield [
        Pair(
            "64 × 64 product",
            Side("counters on", partial(counted, work)),
            Side("counters off", partial(call_s, work, PRODUCTS)),
        ),
        Pair(
            "launch of nothing",
            Side("Stream.nothing", partial(call_s, stream.nothing, CALLS)),
            Side("nanobind's empty call", partial(call_s, empty, CALLS)),
        ),
    ]


def figures(options: Options) -> Iterator[Figure]:
    """Differences of times taken in turns, and the time of a node: medians over many rounds."""
    stream, empty = vg.default_stream(), empty_call(options.folder)
    rounds = ROUNDS // 4 if options.quick else ROUNDS
    with stream.capture() as capture:
        for _ in range(NODES):
            stream.nothing()
    above, nodes = [], []
    for _ in range(rounds):
        above.append(call_s(stream.nothing, CALLS // 10) - call_s(empty, CALLS // 10))
        nodes.append(call_s(partial(stream.replay, capture.graph), 20) / NODES)
    yield Figure("launch of nothing, above nanobind's empty call", statistics.median(above) * 1e9, "ns", "300 ns")
    yield Figure("node of a replayed graph", statistics.median(nodes) * 1e9, "ns", "50 ns")


def empty_call(folder: Path) -> Callable[[], object]:
    """A function of nothing, bound by nanobind."""
    if importlib.util.find_spec("nanobind") is None:
        raise SystemExit("bench: vgpu.launch: its peer is not installed; pip install nanobind, and try again")
    if str(folder) not in sys.path:
        build(folder)
        sys.path.insert(0, str(folder))
    function: Callable[[], object] = importlib.import_module("theirs").nothing
    return function


SUITE = Suite(title="Launches", pairs=pairs, figures=figures, blocks=61, quick_blocks=15)
