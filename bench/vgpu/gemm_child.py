"""One side of the measurement of products, in a process of its own that answers on a pipe.

Its environment decides what a library decides once: which kernels, how many threads. Between its turns it sleeps.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any, TypedDict, cast

from bench.vgpu.gemm_sides import SIDES, VARIABLES, Multiplication, Work

ROOT = Path(__file__).parents[2]
CHECKED_ROWS = 4
PEAK_S = 0.0008


class Shape(TypedDict):
    """A product, or a batch of equal ones: count is then above 0."""

    kind: str
    count: int
    m: int
    n: int
    k: int
    b_transposed: bool


class Child:
    """The parent's end of a side."""

    def __init__(self, side: str, threads: int) -> None:
        counts = ("ASSAY_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        paths = os.pathsep.join([str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
        environment = {
            **os.environ,
            "PYTHONPATH": paths,
            **dict.fromkeys(counts, str(threads)),
            **VARIABLES.get(side, {}),
        }
        self.side, self.threads = side, threads
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.vgpu.gemm_child", side, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )
        self._to, self._from = cast("IO[str]", self._process.stdin), cast("IO[str]", self._process.stdout)
        self.has_library = bool(self._answer())

    def prepare(self, shape: Shape) -> bool:
        """Makes the operands; whether the side can multiply them."""
        return bool(self._ask({"prepare": shape}))

    def seconds(self, calls: int) -> float:
        """Of one call of so many: processor time of the process on one thread, wall time on more."""
        return float(self._ask({"calls": calls}))

    def peak(self, kind: str) -> float:
        """Multiply-adds' operations a second, of all threads, now."""
        return float(self._ask({"peak": kind}))

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate(timeout=60)

    def _ask(self, question: dict[str, Any]) -> Any:
        self._to.write(json.dumps(question) + "\n")
        self._to.flush()
        return self._answer()

    def _answer(self) -> Any:
        line = self._from.readline()
        if not line:
            raise RuntimeError(f"the process of {self.side} ended; what it wrote above says why")
        return json.loads(line)


def operands(shape: Shape) -> tuple[Any, Any, Any]:
    """The same in every process."""
    numpy = importlib.import_module("numpy")
    generator = numpy.random.default_rng(shape["m"] + shape["n"] + shape["k"])
    batch = (shape["count"],) if shape["count"] else ()
    m, n, k, kind = shape["m"], shape["n"], shape["k"], shape["kind"]
    a = generator.random((*batch, m, k), dtype=kind)
    b = generator.random((*batch, n, k), dtype=kind).swapaxes(-1, -2) if shape["b_transposed"] else None
    b = generator.random((*batch, k, n), dtype=kind) if b is None else b
    return a, b, numpy.zeros((*batch, m, n), kind)


def require_product(work: Work, a: Any, b: Any, c: Any) -> None:
    """Compares some rows with fp64."""
    numpy = importlib.import_module("numpy")
    result = work()
    got = c if result is None else numpy.asarray(result)
    rows = a[..., :CHECKED_ROWS, :].astype("float64") @ b.astype("float64")
    worst = abs(got[..., :CHECKED_ROWS, :] - rows).max()
    if not worst <= 1e-4 * a.shape[-1]:
        raise RuntimeError(f"a product of {a.shape} and {b.shape} is off by {worst}")


class Answers:
    """The child's end."""

    def __init__(self, multiplication: Multiplication, threads: int) -> None:
        self._multiplication, self._threads = multiplication, threads
        self._clock = time.process_time if threads == 1 else time.perf_counter
        self._work: Work | None = None

    def answer(self, question: dict[str, Any]) -> Any:
        """To one line of the parent."""
        if "prepare" in question:
            a, b, c = operands(question["prepare"])
            self._work = self._multiplication(a, b, c)
            if self._work is not None:
                require_product(self._work, a, b, c)
            return self._work is not None
        return self._peak(question["peak"]) if "peak" in question else self._seconds(question["calls"])

    def _seconds(self, calls: int) -> float:
        work = cast("Work", self._work)
        work()
        start = self._clock()
        for _ in range(calls):
            work()
        return (self._clock() - start) / calls

    def _peak(self, kind: str) -> float:
        run = importlib.import_module("assay.vgpu._native").ceiling_arithmetic
        kernel = "fma_f32" if kind == "float32" else "fma_f64"
        operations, _ = run(kernel, 1, 1, 1)
        passes = int(PEAK_S * 4e9 / (operations / 2 / (16 if kind == "float32" else 8)) * 2)
        if self._threads > 1:
            done, wall_ns = run(kernel, self._threads, passes, 3)
            return float(done / wall_ns * 1e9)
        start = time.process_time_ns()
        done, _ = run(kernel, 1, passes, 1)
        return float(done / (time.process_time_ns() - start) * 1e9)


def main(side: str, threads: str) -> None:
    """Answer until the parent closes the pipe."""
    answers = None
    try:
        answers = Answers(SIDES[side](int(threads)), int(threads))
    except ImportError as error:
        sys.stderr.write(f"{side} is left out: {error}\n")
    sys.stdout.write(json.dumps(answers is not None) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        if answers is not None:
            sys.stdout.write(json.dumps(answers.answer(json.loads(line))) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
