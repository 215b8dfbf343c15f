"""How fast products are against the peak of this processor and against the libraries that are installed.

Run: ``python -m bench.vgpu.gemm [--threads 1 2] [--kind float32] [--only small large odd batched] [--rounds 21]``

Every side is a process of its own, and all are asked in turns, in a new order each round; beside them the peak of the
multiply-add units is measured by the same process that multiplies for us. What is printed are medians over the rounds
of ratios within a round. On one thread the time is processor time, so that what else runs on the machine counts less.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from assay.stats.median import median_interval
from bench.table import markdown_table
from bench.vgpu.gemm_child import Child, Shape
from bench.vgpu.gemm_sides import SIDES

TURN_S = 0.004
GROUPS: dict[str, tuple[tuple[int, int, int, int, bool], ...]] = {
    "small": tuple((0, n, n, n, False) for n in (8, 16, 32, 48, 64, 96, 128)),
    "batched": ((1000, 16, 16, 16, False), (256, 64, 64, 64, False)),
    "large": tuple((0, n, n, n, False) for n in (512, 1024, 2048, 4096)),
    "odd": (
        (0, 1001, 1003, 999, False),
        (0, 20000, 64, 64, False),
        (0, 64, 20000, 64, False),
        (0, 1024, 1024, 1024, True),
        (0, 2048, 2048, 2048, True),
    ),
}


@dataclass
class Rows:
    """What one shape gave: a value a round for each side; of ours also the peak measured next to it."""

    label: str
    operations: float
    seconds: dict[str, list[float]] = field(default_factory=dict)
    peaks: list[float] = field(default_factory=list)

    def rate(self, side: str) -> float:
        """Median operations a second."""
        return self.operations / statistics.median(self.seconds[side])

    def of_peak(self) -> float:
        """Median over rounds of ours against the peak."""
        pairs = zip(self.seconds["ours"], self.peaks, strict=True)
        return statistics.median(self.operations / seconds / peak for seconds, peak in pairs)

    def against(self, side: str) -> list[float]:
        """How many times as fast as that side ours is, round by round."""
        return [peer / ours for ours, peer in zip(self.seconds["ours"], self.seconds[side], strict=True)]


def label_of(shape: Shape) -> str:
    """In words."""
    m, n, k = shape["m"], shape["n"], shape["k"]
    size = f"{m} cubed" if m == n == k else f"{m} x {n} x {k}"
    times = f"{shape['count']} times " if shape["count"] else ""
    return f"{shape['kind']} {times}{size}{', B transposed' if shape['b_transposed'] else ''}"


def measured(children: list[Child], shape: Shape, rounds: int) -> Rows:
    """All sides that can, in turns."""
    operations = 2.0 * max(1, shape["count"]) * shape["m"] * shape["n"] * shape["k"]
    rows = Rows(label_of(shape), operations)
    able = [child for child in children if child.prepare(shape)]
    ours = next(child for child in able if child.side == "ours")
    calls = {child.side: max(1, int(TURN_S / child.seconds(1))) for child in able}
    for _ in range(rounds):
        for child in random.sample(able, len(able)):
            rows.seconds.setdefault(child.side, []).append(child.seconds(calls[child.side]))
            if child is ours:
                rows.peaks.append(ours.peak(shape["kind"]))
            time.sleep(0.001)
    return rows


def line_of(rows: Rows, sides: list[str]) -> tuple[str, ...]:
    """One line of the table; rates in G operations a second."""
    rates = [f"{rows.rate(side) / 1e9:.1f}" if side in rows.seconds else "" for side in sides]
    peers = {side: statistics.median(rows.against(side)) for side in rows.seconds if side != "ours"}
    if not peers:
        return (rows.label, f"{rows.of_peak():.3f}", *rates, "", "", "")
    best = min(peers, key=lambda side: peers[side])
    interval = median_interval(rows.against(best))
    between = interval.reason if interval.low is None else f"{interval.low:.2f} to {interval.high:.2f}"
    return (rows.label, f"{rows.of_peak():.3f}", *rates, f"{peers[best]:.2f}", between, best)


def shapes_of(groups: list[str], kinds: list[str]) -> Iterator[Shape]:
    """All that is asked for."""
    for kind in kinds:
        for group in groups:
            for count, m, n, k, b_transposed in GROUPS[group]:
                yield Shape(kind=kind, count=count, m=m, n=n, k=k, b_transposed=b_transposed)


@contextmanager
def opened(sides: list[str], threads: int) -> Iterator[list[Child]]:
    """A process for every side whose library is installed."""
    children = [Child(side, threads) for side in sides]
    try:
        yield [child for child in children if child.has_library]
    finally:
        for child in children:
            child.close()


def main(arguments: list[str] | None = None) -> None:
    """Measure, print a table for each number of threads."""
    parser = argparse.ArgumentParser(prog="python -m bench.vgpu.gemm", description=__doc__)
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--kind", nargs="+", default=["float32", "float64"])
    parser.add_argument("--only", nargs="+", choices=list(GROUPS), default=list(GROUPS))
    parser.add_argument("--sides", nargs="+", choices=list(SIDES), default=list(SIDES))
    parser.add_argument("--rounds", type=int, default=21)
    options = parser.parse_args(arguments)
    for threads in options.threads:
        with opened(options.sides, threads) as children:
            sides = [child.side for child in children]
            head = ("product", "of peak", *sides, "times the best", "95 %", "which is")
            lines = []
            for shape in shapes_of(options.only, options.kind):
                lines.append(line_of(measured(children, shape, options.rounds), sides))
                sys.stderr.write("  ".join(lines[-1]) + "\n")
        sys.stdout.write(f"\n{threads} thread{'s' if threads > 1 else ''}, {options.rounds} rounds\n\n")
        sys.stdout.write(markdown_table(head, lines))


if __name__ == "__main__":
    main()
