"""Products in bf16, fp16 and int8 of every shape: share of the peak, and ratio to PyTorch and oneDNN.

Run: ``ASSAY_THREADS=1 OMP_NUM_THREADS=1 python -m bench.vgpu.lowprecision [bf16 fp16 int8] [--turns N]`` with torch.
Shares are of the larger of two times: computing at the peak, and moving A, B and C once at the speed of memory, both
measured in the same turns.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from assay.vgpu.gemm import matmul_into
from assay.vgpu.runtime.native import native
from assay.vgpu.weights import pack_weights
from bench.vgpu import torch_peers
from bench.vgpu.skinny import PEAKS, operand
from bench.vgpu.turns import Work, with_ceiling

KINDS = ("bf16", "int8", "fp16")
SHAPES = (
    (512, 512, 512),
    (1024, 1024, 1024),
    (2048, 2048, 2048),
    (4096, 4096, 4096),
    (1001, 1003, 999),
    (20000, 64, 64),
    (64, 20000, 64),
)


@dataclass(frozen=True)
class Product:
    """One line of the table."""

    kind: str
    shape: tuple[int, int, int]
    turned: bool
    """Whether B is stored by columns."""


def measure(product: Product, threads: int, turns: int) -> None:
    """Measure and print one line."""
    kind, turned = product.kind, product.turned
    m, n, k = product.shape
    generator = np.random.default_rng(0)
    a = generator.standard_normal((m, k), dtype=np.float32)
    b = (
        generator.standard_normal((n, k), dtype=np.float32).T
        if turned
        else generator.standard_normal((k, n), np.float32)
    )
    left, right = operand(kind, a), operand(kind, b)
    c = np.empty((m, n), np.int32 if kind == "int8" else np.float32)
    works: dict[str, Work] = {
        "ours": partial(matmul_into, left, right, c),
        "packed": partial(pack_weights(right).multiply_into, left, c),
    }
    torch = torch_peers.torch_of(threads)
    if torch is not None:
        works["torch"] = torch_peers.plain_product(torch, kind, a, b)
    times, ceiling = with_ceiling(works, PEAKS.get(kind, "dot_i8"), turns, threads)
    size = left.itemsize
    computing_s = 2 * m * n * k / ceiling.operations_per_s
    moving_s = (size * (m * k + k * n) + 4 * m * n) / ceiling.read_bytes_per_s
    row = [f"{kind} {m} x {n} x {k}{' B turned' if turned else ''}: {times['ours'].best_s * 1e6:.0f} us"]
    for name in ("ours", "packed"):
        best_s, median_s = times[name].best_s, times[name].median_s
        row.append(f"{name} {computing_s / best_s:.2f} (median {computing_s / median_s:.2f}) of the peak")
    row.append(f"moving is {moving_s / computing_s:.2f} of computing")
    if "torch" in times:
        best, median = (getattr(times["torch"], one) / getattr(times["ours"], one) for one in ("best_s", "median_s"))
        row.append(f"{best:.2f} (medians {median:.2f}) times torch")
    sys.stdout.write("; ".join(row) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Print every type and shape."""
    parser = argparse.ArgumentParser(prog="python -m bench.vgpu.lowprecision", description=__doc__)
    parser.add_argument("kinds", nargs="*", default=list(KINDS), help=f"of {', '.join(KINDS)}")
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--largest", type=int, default=4096, help="leave out sizes above")
    options = parser.parse_args()
    threads = native.workers()
    sys.stdout.write(f"{threads} threads, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
    shapes: list[tuple[Any, bool]] = [(shape, False) for shape in SHAPES if min(shape) <= options.largest]
    shapes += [(shape, True) for shape in SHAPES if min(shape) <= min(1001, options.largest)]
    for kind in options.kinds:
        for shape, turned in shapes:
            measure(Product(kind, shape, turned), threads, options.turns)


if __name__ == "__main__":
    main()
