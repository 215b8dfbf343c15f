"""Functions on arrays against NumPy and PyTorch, in turns: ``python -m bench.vgpu.arrays [--quick] [--only NAME]``.

Threads: ASSAY_THREADS and OMP_NUM_THREADS for both sides alike; NumPy has one. PyTorch is left out where it is missing.
All run in one process: what a library's threads do after a call (PyTorch's look for work for a while) is part of what a
program that mixes them sees, and hits the next side in the random order, whichever it is.
"""

from __future__ import annotations

import argparse
import importlib
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

import assay.vgpu as vg
from bench.harness import Measured, Pair, Side, measure
from bench.table import RATIO_HEAD, ratio_rows, text_table

SMALL, LARGE, QUICK_LARGE = 100, 10_000_000, 300_000
LEAST_NS = 1_000_000
TWO_OPERANDS = ("add", "divide", "maximum", "less", "pow", "hypot")
MATHEMATICS = (
    "exp", "expm1", "log", "log1p", "log2", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "sqrt",
)  # fmt: skip
SAME_NAME = {"acos": "arccos", "asin": "arcsin", "atan": "arctan", "pow": "power"}
Call = Callable[[], object]


class Library:
    """The same functions by one library's names."""

    def __init__(self, name: str, module: Any) -> None:
        self.name, self.module = name, module

    def array(self, values: Any) -> Any:
        """The values as this library's array, in memory of its own."""
        copy = np.array(values, copy=True)
        if self.name == "torch":
            return self.module.from_numpy(copy)
        return vg.asarray(copy, copy=True) if self.name == "ours" else copy

    def function(self, name: str) -> Callable[..., Any]:
        """By the array API's name."""
        known = SAME_NAME.get(name, name) if self.name == "numpy" else name
        return getattr(self.module, known)  # type: ignore[no-any-return]

    def calls(self, count: int, dtype: str) -> Iterator[tuple[str, Call]]:
        """Every call that is compared, on the same numbers in every library."""
        generator = np.random.default_rng(0)
        x, y = (self.array(generator.uniform(0.1, 0.9, count).astype(dtype)) for _ in range(2))
        yield from ((name, partial(self.function(name), x, y)) for name in TWO_OPERANDS)
        yield from ((name, partial(self.function(name), x)) for name in MATHEMATICS)
        yield "x ** 2", lambda: x**2
        yield from self._reductions(x)
        yield from self._rearrangements(count, x, y)

    def _reductions(self, x: Any) -> Iterator[tuple[str, Call]]:
        yield from ((name, partial(self.function(name), x)) for name in ("sum", "max", "mean", "std", "argmax"))
        running = {"ours": "cumulative_sum", "numpy": "cumsum", "torch": "cumsum"}[self.name]
        options = {"dim": 0} if self.name == "torch" else {}
        yield "cumulative_sum", partial(getattr(self.module, running), x, **options)

    def _rearrangements(self, count: int, x: Any, y: Any) -> Iterator[tuple[str, Call]]:
        stable: dict[str, dict[str, Any]] = {"numpy": {"kind": "stable"}, "torch": {"stable": True}, "ours": {}}
        yield "sort", partial(self.function("sort"), x)
        yield "argsort, stable", partial(self.function("argsort"), x, **stable[self.name])
        places = self.array(np.random.default_rng(1).integers(0, count, count))
        yield (
            "take",
            partial(x.index_select, 0, places) if self.name == "torch" else partial(self.module.take, x, places),
        )
        concat = {"ours": "concat", "numpy": "concatenate", "torch": "cat"}[self.name]
        yield "concat", partial(getattr(self.module, concat), [x, y])
        evens, other_evens = x[::2], y[::2]
        yield "x[::2] + y[::2]", lambda: evens + other_evens
        yield from self._planes(x, y, math.isqrt(count))

    def _planes(self, x: Any, y: Any, side: int) -> Iterator[tuple[str, Call]]:
        square, line = self.module.reshape(x[: side * side], (side, side)), y[:side]
        column, axis = line[:, None], "dim" if self.name == "torch" else "axis"
        yield "a + a.T", lambda: square + square.T
        yield "a + row", lambda: square + line
        yield "a + column", lambda: square + column
        yield "sum of rows", partial(self.function("sum"), square, **{axis: 1})
        yield "sum of columns", partial(self.function("sum"), square, **{axis: 0})


def libraries() -> list[Library]:
    """Ours first, then what is installed of the others."""
    found = [Library("ours", vg), Library("numpy", np)]
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        return found
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1)))
    return [*found, Library("torch", torch)]


def repeated(call: Call, times: int) -> Callable[[], float]:
    """Seconds of one of so many calls."""

    def work() -> float:
        start_ns = time.perf_counter_ns()
        for _ in range(times):
            call()
        return (time.perf_counter_ns() - start_ns) / 1e9 / times

    return work


def times_of(call: Call) -> int:
    """So many that they take a millisecond."""
    call()
    start_ns = time.perf_counter_ns()
    call()
    return max(1, LEAST_NS // max(time.perf_counter_ns() - start_ns, 1))


def pairs(count: int, dtype: str, only: str) -> list[Pair]:
    """Ours beside each of the others."""
    ours, *others = ({name: call for name, call in one.calls(count, dtype) if only in name} for one in libraries())
    names = [one.name for one in libraries()[1:]]
    made = []
    for name, call in ours.items():
        times = times_of(call)
        for peer, calls in zip(names, others, strict=True):
            sides = Side("ours", repeated(call, times)), Side(peer, repeated(calls[name], times))
            made.append(Pair(f"{name}, {dtype}, {count}", *sides))
    return made


def main() -> None:
    """Print the ratios for small and large arrays."""
    parser = argparse.ArgumentParser(prog="python -m bench.vgpu.arrays", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller arrays: to see that it works")
    parser.add_argument("--only", default="", help="functions whose name contains this")
    parser.add_argument("--blocks", type=int, default=9)
    options = parser.parse_args()
    with np.errstate(all="ignore"):
        for dtype in ("float32", "float64"):
            for count in (SMALL, QUICK_LARGE if options.quick else LARGE):
                results: list[Measured] = measure(pairs(count, dtype, options.only), options.blocks, seed=1)
                sys.stdout.write(text_table(RATIO_HEAD, ratio_rows(results)) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
