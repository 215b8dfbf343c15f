"""How fast each rung of the sum is, in cache and in memory, in turns with NumPy's pairwise sum.

Run: ``python bench/native/sum_rungs.py``
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np

import assay.vgpu as vg

ROUNDS = 61
ELEMENTS = {"L1": 3_000, "L2": 60_000, "memory": 20_000_000}
LEAST_S = 0.002
NAMES = {"float32": "sum_f32", "float64": "sum_f64"}


def gigabytes_per_s(total: Callable[[], object], size_bytes: int) -> float:
    """Over so many calls that one of them doesn't count; in time of this thread."""
    calls = max(1, int(LEAST_S * 2e10 / size_bytes))
    start_ns = time.thread_time_ns()
    for _ in range(calls):
        total()
    return size_bytes * calls / (time.thread_time_ns() - start_ns)


def main() -> None:
    """Print the median rate of every rung, in GB/s."""
    runnable = {"reference", *vg.core_info().isas}
    for kind, name in NAMES.items():
        rungs = [kernel.rung for kernel in vg.all_kernels() if kernel.name == name and kernel.rung in runnable]
        for place, count in ELEMENTS.items():
            data = np.random.default_rng(0).standard_normal(count).astype(kind)
            totals: dict[str, Callable[[], object]] = {rung: partial(vg.sum_of, data, rung=rung) for rung in rungs}
            totals["numpy"] = data.sum
            rounds = 5 if place == "memory" else ROUNDS
            rates = [
                {label: gigabytes_per_s(total, data.nbytes) for label, total in totals.items()} for _ in range(rounds)
            ]
            medians = {label: statistics.median(row[label] for row in rates) for label in totals}
            print(f"{kind:8} {place:7}", *(f"{label} {rate:6.1f}" for label, rate in medians.items()))


if __name__ == "__main__":
    main()
