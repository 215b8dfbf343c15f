"""Few rows by weights of 4096 x 4096, as in decoding: share of what the machine can do, and ratio to the best peer.

Run: ``ASSAY_THREADS=1 python -m bench.vgpu.skinny [fp32 bf16 ...] [--turns N]`` with torch, onnxruntime and onnx.
Weights are so many that they come from memory, as those of a model do. A product can't take less than reading its bytes
or computing its operations, whichever takes longer: that is what the shares are of.
"""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial
from typing import Any

import numpy as np

from assay.vgpu.runtime.native import native
from assay.vgpu.weights import pack_int4, pack_weights
from bench.vgpu import onnx_peers, torch_peers
from bench.vgpu.turns import Work, copies_beyond_caches, one_after_another, with_ceiling

SIZE = 4096
ROWS = (1, 4, 16)
BITS = {"fp32": 32, "bf16": 16, "fp16": 16, "int8": 8, "int4": 4, "int4 g32": 4}
PEAKS = {"fp32": "fma_f32", "fp16": "fma_f32", "bf16": "dot_bf16"}
GROUPS = {"int4": 128, "int4 g32": 32}


def operand(kind: str, values: Any) -> Any:
    """The values of an fp32 array in another type."""
    if kind == "bf16":
        return (values.view(np.uint32) >> 16).astype(np.uint16)
    if kind in {"fp32", "fp16"}:
        return values.astype({"fp32": np.float32, "fp16": np.float16}[kind])
    return (values * 40).clip(-127, 127).astype(np.int8)


def ours(kind: str, a: Any, layer: Any) -> Work:
    """The product by packed weights."""
    c = np.empty((a.shape[0], SIZE), np.int32 if kind == "int8" else np.float32)
    if kind in GROUPS:
        scales = np.ones((SIZE // GROUPS[kind], SIZE), np.float32)
        return partial(pack_int4(operand(kind, layer.T) & 15, scales, group=GROUPS[kind]).multiply_into, a, c)
    return partial(pack_weights(operand(kind, layer).T).multiply_into, operand(kind, a), c)


def peers(kind: str, a: Any, layer: Any, threads: int) -> dict[str, Work]:
    """What is installed of NumPy, PyTorch, oneDNN and ONNX Runtime."""
    base = kind.split(maxsplit=1)[0]
    ways = onnx_peers.layers(base, a, layer, threads)
    torch = torch_peers.torch_of(threads)
    if torch is not None:
        ways |= torch_peers.layers(torch, base, a, layer)
    if kind == "fp32":
        ways["numpy"] = partial(np.matmul, a, layer.T)
    return ways


def measure(kind: str, rows: int, threads: int, turns: int) -> None:
    """One line for one type and number of rows."""
    generator = np.random.default_rng(0)
    a = generator.standard_normal((rows, SIZE)).astype(np.float32)
    layer = generator.standard_normal((SIZE, SIZE)).astype(np.float32)
    copies = copies_beyond_caches(SIZE * SIZE * BITS[kind] // 8)
    works = {"ours": one_after_another([ours(kind, a, layer) for _ in range(copies)])}
    every = [peers(kind, a, layer, threads) for _ in range(copies)]
    works |= {name: one_after_another([ways[name] for ways in every]) for name in every[0]}
    times, ceiling = with_ceiling(works, PEAKS.get(kind, "dot_i8"), turns, threads)
    bits = BITS[kind] + 32 / GROUPS.get(kind, float("inf"))
    least_s = {
        "memory": SIZE * SIZE * bits / 8 / ceiling.read_bytes_per_s,
        "arithmetic": 2 * rows * SIZE * SIZE / ceiling.operations_per_s,
    }
    bound = max(least_s, key=least_s.__getitem__)
    others = {name: one for name, one in times.items() if name != "ours"}
    row = [f"{kind:8} {rows:2} rows: {times['ours'].best_s * 1e6:7.0f} us, median {times['ours'].median_s * 1e6:7.0f}"]
    row.append(f"{least_s[bound] / times['ours'].best_s:.2f} of {bound}")
    if others:
        best = min(others, key=lambda name: others[name].best_s)
        medians = min(one.median_s for one in others.values()) / times["ours"].median_s
        row.append(f"{others[best].best_s / times['ours'].best_s:.2f} times {best} (medians {medians:.2f})")
        row.append(", ".join(f"{name} {one.best_s * 1e6:.0f}" for name, one in others.items()))
    sys.stdout.write("; ".join(row) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Print every type and number of rows."""
    parser = argparse.ArgumentParser(prog="python -m bench.vgpu.skinny", description=__doc__)
    parser.add_argument("kinds", nargs="*", default=list(BITS), help=f"of {', '.join(BITS)}")
    parser.add_argument("--turns", type=int, default=25)
    options = parser.parse_args()
    threads = native.workers()
    sys.stdout.write(f"{threads} threads, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
    for kind in options.kinds:
        for rows in ROWS:
            measure(kind, rows, threads, options.turns)


if __name__ == "__main__":
    main()
