"""``python -m bench.stats.coverage [--trials N] [-o FILE.md]``: how often intervals over cycles hold the truth.

Cycles differ by 3 %, requests inside a cycle by 20 %, skewed to the right as latencies are. Beside ours stand the two
ways in common use: the percentile bootstrap of cycle means, and all requests pooled.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assay.stats.cycles import CycleInterval, interval_of, interval_of_means, quantile, ratio
from bench.table import markdown_table, text_table

_HEAD = ("cycles", "mean", "90th percentile", "ratio", "percentile bootstrap", "requests pooled")
_REQUESTS, _RESAMPLES = 60, 400


def main(arguments: list[str] | None = None) -> int:
    """Simulate, print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.stats.coverage", description=__doc__)
    parser.add_argument("--trials", type=int, default=4000, help="experiments for each number of cycles")
    parser.add_argument("-o", "--output", type=Path, help="also write the table as Markdown")
    options = parser.parse_args(arguments)
    rows = [_row(cycles, options.trials) for cycles in (3, 5, 10)]
    sys.stdout.write(text_table(_HEAD, rows))
    if options.output:
        options.output.write_text(markdown_table(_HEAD, rows), encoding="utf-8")
    return 0


def _row(cycles: int, trials: int) -> tuple[str, ...]:
    rng = np.random.default_rng(cycles)
    truth = float(np.quantile(np.concatenate([_cycle(rng) for _ in range(8000)]), 0.9))
    held = np.zeros(5)
    for number in range(trials):
        data = [_cycle(rng) for _ in range(cycles)]
        means = [float(cycle.mean()) for cycle in data]
        pooled = np.concatenate(data)
        error = 1.96 * pooled.std(ddof=1) / np.sqrt(len(pooled))
        drawn = rng.choice(means, (_RESAMPLES, cycles)).mean(axis=1)
        low, high = np.quantile(drawn, [0.025, 0.975])
        found = (interval_of_means(means), _quantile(data), _ratio(rng, cycles))
        truths = (10.0, truth, 3.0)
        held[:3] += [(one.low or 0.0) <= what <= (one.high or 0.0) for one, what in zip(found, truths, strict=True)]
        held[3:] += [low <= 10.0 <= high, abs(pooled.mean() - 10.0) <= error]
        if number % 1000 == 0:
            sys.stderr.write(f"{cycles} cycles, {number} of {trials}\n")
    return (str(cycles), *(f"{share:.1%}" for share in held / trials))


def _quantile(data: list[NDArray[np.float64]]) -> CycleInterval:
    return interval_of([cycle.tolist() for cycle in data], quantile(0.9))


def _ratio(rng: np.random.Generator, cycles: int) -> CycleInterval:
    pairs = []
    for _ in range(cycles):
        tokens = rng.integers(80, 120, _REQUESTS).astype(float)
        joules = 3.0 * (1 + 0.03 * rng.normal()) * tokens * rng.gamma(100.0, 0.01, _REQUESTS)
        pairs.append(np.column_stack([joules, tokens]).ravel().tolist())
    return interval_of(pairs, ratio)


def _cycle(rng: np.random.Generator) -> NDArray[np.float64]:
    values: NDArray[np.float64] = 10.0 * (1 + 0.03 * rng.normal()) * rng.gamma(25.0, 1 / 25.0, _REQUESTS)
    return values


if __name__ == "__main__":
    sys.exit(main())
