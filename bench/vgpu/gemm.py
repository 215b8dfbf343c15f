"""How fast products are against what is installed of NumPy, PyTorch and ONNX Runtime, in turns.

Run: ``python bench/vgpu/gemm.py``. Threads: ASSAY_THREADS, OMP_NUM_THREADS and OPENBLAS_NUM_THREADS for all sides
alike. OPENBLAS_CORETYPE=SkylakeX gives NumPy its AVX-512 kernels where it doesn't find the processor by itself.
"""

from __future__ import annotations

import importlib
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from assay.vgpu.gemm import matmul_into

ROUNDS = 15
LEAST_S = 0.004
SMALL = (8, 16, 32, 48, 64, 96, 128)
LARGE = (512, 1024, 2048)
SHAPES = ((1001, 1003, 999), (20000, 64, 64), (64, 20000, 64))
BATCHES = ((1000, 16), (256, 64))
Work = Callable[[], object]


def seconds(work: Work, calls: int) -> float:
    """Of one call."""
    start_ns = time.perf_counter_ns()
    for _ in range(calls):
        work()
    return (time.perf_counter_ns() - start_ns) / 1e9 / calls


def in_turns(works: dict[str, Work], operations: float) -> dict[str, float]:
    """Median seconds of each, all measured in every round."""
    calls = max(1, int(LEAST_S * 2e11 / (operations + 1e5)))
    for work in works.values():
        work()
    rounds = [{name: seconds(work, calls) for name, work in works.items()} for _ in range(ROUNDS)]
    return {name: statistics.median(row[name] for row in rounds) for name in works}


def torch_product(a: Any, b: Any) -> Work | None:
    """PyTorch's product of the same memory, if it is installed."""
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        return None
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1)))
    left, right = torch.from_numpy(a), torch.from_numpy(b)
    return partial(torch.matmul, left, right, out=torch.empty((*a.shape[:-1], b.shape[-1]), dtype=left.dtype))


def report(label: str, a: Any, b: Any) -> None:
    """One line: rates in GFLOP/s, and how many times the best peer's ours is."""
    c = np.empty((*a.shape[:-1], b.shape[-1]), a.dtype)
    works: dict[str, Work] = {"ours": partial(matmul_into, a, b, c), "numpy": partial(np.matmul, a, b, c.copy())}
    peer = torch_product(a, b)
    if peer is not None:
        works["torch"] = peer
    operations = 2.0 * c.size * a.shape[-1]
    medians = in_turns(works, operations)
    best = min(value for name, value in medians.items() if name != "ours")
    rates = "  ".join(f"{name} {operations / value / 1e9:8.1f}" for name, value in medians.items())
    print(f"{label:28} {rates}   {best / medians['ours']:.2f} times the best peer", flush=True)


def main() -> None:
    """Print every shape, in fp32 and fp64."""
    generator = np.random.default_rng(0)
    for kind in ("float32", "float64"):
        for m, n, k in (*((size, size, size) for size in SMALL + LARGE), *SHAPES):
            a, b = generator.standard_normal((m, k)).astype(kind), generator.standard_normal((k, n)).astype(kind)
            report(f"{kind} {m} x {n} x {k}", a, b)
        for count, size in BATCHES:
            a, b = (generator.standard_normal((count, size, size)).astype(kind) for _ in range(2))
            report(f"{kind} {count} times {size} cubed", a, b)


if __name__ == "__main__":
    main()
