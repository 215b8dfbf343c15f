"""Real noise: interleaved invocations of a small model, compared with themselves and with 2 % more work.

``python -m bench.compare.real [--blocks 60] [--resamples 400] [--keep FILE.npz | --from FILE.npz]``. Each block holds
three invocations in random order: the model, the model again, and the model with one step of one layer doing two per
cent more. Twenty blocks are drawn many times; counted is how often anything is claimed of the first two, and how often
the planted cell is found.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from assay.stats.comparison import Kind, Measurements, Place, Question, judge
from bench.compare.real_child import CELLS, LAYERS, STEPS

_SIDES = ("same", "again", "more")
_PLANTED = 13
_DRAWN = 20


def main() -> int:
    """Collect or read, resample, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=60)
    parser.add_argument("--resamples", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--from", dest="source", type=Path)
    options = parser.parse_args()
    data = dict(np.load(options.source)) if options.source else collect(options.blocks, options.seed)
    if options.keep:
        np.savez_compressed(options.keep, allow_pickle=False, **data)
    for clock in ("wall", "cpu"):
        for name, other in (("A/A: anything claimed", "again"), ("planted 2 %: cell found", "more")):
            share = resampled(data, clock, other, options.resamples, options.seed)
            sys.stdout.write(f"{clock:>4}  {name:<26} {100.0 * share:5.1f} % of {options.resamples}\n")
        sys.stdout.write(f"{clock:>4}  {'planted, estimated':<26} {estimate(data, clock)}\n")
    return 0


def collect(blocks: int, seed: int) -> dict[str, np.ndarray]:
    """Run the blocks; shape (blocks, sides, cells, tokens) for both clocks."""
    source = random.Random(seed)
    found: dict[str, list[np.ndarray]] = {"wall": [], "cpu": [], "starts": []}
    for _ in range(blocks):
        runs = {}
        for side in source.sample(_SIDES, len(_SIDES)):
            runs[side] = (time.time_ns(), _invocation(_PLANTED if side == "more" else -1))
        for clock in ("wall", "cpu"):
            found[clock].append(np.array([runs[side][1][clock] for side in _SIDES], dtype=np.int64))
        found["starts"].append(np.array([runs[side][0] for side in _SIDES], dtype=np.int64))
    return {name: np.stack(arrays) for name, arrays in found.items()}


def _invocation(extra: int) -> dict[str, list[list[int]]]:
    words = [sys.executable, "-m", "bench.compare.real_child", "--extra", str(extra)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    answer: dict[str, list[list[int]]] = json.loads(done.stdout)
    return answer


def resampled(data: dict[str, np.ndarray], clock: str, other: str, resamples: int, seed: int) -> float:
    """How often something is claimed, or, of the planted cell, how often it is found as more."""
    source = np.random.default_rng(seed)
    hits = 0
    for number in range(resamples):
        chosen = np.sort(source.choice(len(data[clock]), min(_DRAWN, len(data[clock])), replace=False))
        before, after = (_side(data, clock, side, chosen) for side in ("same", other))
        found = judge(before, after, Question(groups=groups(), seed=number))
        if other == "more":
            hits += found.line(Place(kind=Kind.CELL, index=_PLANTED)).claimed
        else:
            hits += bool(found.claims)
    return hits / resamples


def estimate(data: dict[str, np.ndarray], clock: str) -> str:
    """The planted change from all blocks, with its interval."""
    everything = np.arange(len(data[clock]))
    before, after = (_side(data, clock, side, everything) for side in ("same", "more"))
    effect = judge(before, after, Question(groups=groups())).line(Place(kind=Kind.CELL, index=_PLANTED)).judged
    if effect is None:
        return "none"
    low, high = effect.change_interval
    return f"{100.0 * effect.change:+.2f} % ({100.0 * low:+.2f} … {100.0 * high:+.2f}), true +2.00 %"


def groups() -> tuple[tuple[int, ...], ...]:
    """Each step over all layers, each layer over all steps."""
    width = len(STEPS)
    by_step = [tuple(range(step, CELLS, width)) for step in range(width)]
    by_layer = [tuple(range(layer * width, (layer + 1) * width)) for layer in range(LAYERS)]
    return (*by_step, *by_layer)


def _side(data: dict[str, np.ndarray], clock: str, side: str, chosen: np.ndarray) -> Measurements:
    column = _SIDES.index(side)
    return Measurements(
        durations=data[clock][chosen, column].astype(np.float64),
        blocks=chosen.astype(np.int64),
        starts_ns=data["starts"][chosen, column],
    )


if __name__ == "__main__":
    sys.exit(main())
