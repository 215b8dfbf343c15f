"""Functions on arrays against NumPy and PyTorch: ``python -m bench vgpu.arrays [--part SECONDS]``.

Threads: ASSAY_THREADS and OMP_NUM_THREADS for both sides alike; NumPy has one. PyTorch is left out where it is missing.
All run in one process: what a library's threads do after a call (PyTorch's look for work for a while) is part of what a
program that mixes them sees, and hits the next side in the random order, whichever it is.
"""

from __future__ import annotations

import importlib
import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

import assay.vgpu as vg
from bench.harness import Measured, Options, Pair, Side, Suite

SIZES = {100: 10, 10_000: 50, 1_000_000: 300}
"""Elements of arrays, and sides of the matrices that stand beside them in the table."""
QUICK_SIZES = {100: 10, 10_000: 20}
DTYPES = ("float32", "float64")
LEAST_NS = 1_000_000
FACTORS = ("cholesky", "det", "eigh", "eigvalsh", "inv", "qr", "solve", "svd", "svdvals")
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

    def factors(self, side: int, dtype: str) -> Iterator[tuple[str, Call]]:
        """Linear algebra on a positive definite matrix."""
        values = np.random.default_rng(2).standard_normal((side, side))
        matrix = self.array((values @ values.T / side + np.eye(side)).astype(dtype))
        yield "a @ a", lambda: matrix @ matrix
        for name in FACTORS:
            function = getattr(self.module.linalg, name)
            yield name, partial(function, matrix, matrix) if name == "solve" else partial(function, matrix)


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


@contextmanager
def pairs(options: Options) -> Iterator[list[Pair]]:
    """Every function, type and size, ours beside each of the others."""
    sizes = QUICK_SIZES if options.quick else SIZES
    with np.errstate(all="ignore"):
        yield [
            pair
            for dtype in DTYPES
            for count, side in sizes.items()
            for pair in (
                *_beside(f"{dtype} {count} (n = {side})", [dict(one.calls(count, dtype)) for one in libraries()]),
                *_beside(f"{dtype} {count} (n = {side})", [dict(one.factors(side, dtype)) for one in libraries()]),
            )
        ]


def _beside(size: str, calls: list[dict[str, Call]]) -> Iterator[Pair]:
    ours, *others = calls
    names = [one.name for one in libraries()[1:]]
    for name, call in ours.items():
        times = times_of(call)
        for peer, theirs in zip(names, others, strict=True):
            sides = Side("ours", repeated(call, times)), Side(peer, repeated(theirs[name], times))
            yield Pair(f"{name}, {size}", *sides)


def overview(results: list[Measured]) -> tuple[Sequence[str], list[Sequence[str]]]:
    """A row a function, a column a type and size: time of NumPy, and of PyTorch, divided by ours."""
    tables: dict[str, dict[str, list[str]]] = {}
    for result in results:
        name, _, size = result.pair.name.rpartition(", ")
        tables.setdefault(name, {}).setdefault(size, []).append(f"{1 / result.ratio().median:.2g}")
    sizes = list(dict.fromkeys(size for row in tables.values() for size in row))
    rows: list[Sequence[str]] = [
        (name, *(" ".join(row.get(size, [])) for size in sizes)) for name, row in tables.items()
    ]
    return ("ours is faster by", *sizes), rows


SUITE = Suite(title="Arrays", pairs=pairs, blocks=9, overview=overview)
