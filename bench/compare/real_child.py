"""One invocation of a small model: every step of every layer and token timed by the wall and by the thread's processor.

Started as a process of its own; prints one JSON line. ``--extra CELL`` gives that cell two per cent more work.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

import numpy as np

LAYERS, STEPS, TOKENS = 8, ("Attention", "FFN", "Norm", "Output"), 32
CELLS = LAYERS * len(STEPS)
_REPEATS = 50
_SIZE = 64


def main() -> int:
    """Run the model once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extra", type=int, default=-1)
    extra: int = parser.parse_args().extra
    weights = np.random.default_rng(0).standard_normal((CELLS, _SIZE, _SIZE)).astype(np.float32) / _SIZE
    state = np.ones(_SIZE, dtype=np.float32)
    wall = np.zeros((CELLS, TOKENS), dtype=np.int64)
    cpu = np.zeros((CELLS, TOKENS), dtype=np.int64)
    for token in range(-2, TOKENS):
        for cell in range(CELLS):
            start_wall, start_cpu = time.perf_counter_ns(), time.thread_time_ns()
            state = _work(weights[cell], state, _REPEATS + (cell == extra))
            if token >= 0:
                cpu[cell, token] = time.thread_time_ns() - start_cpu
                wall[cell, token] = time.perf_counter_ns() - start_wall
    sys.stdout.write(json.dumps({"wall": wall.tolist(), "cpu": cpu.tolist(), "check": float(state.sum())}) + "\n")
    return 0


def _work(weights: np.ndarray, state: np.ndarray, repeats: int) -> np.ndarray:
    for _ in range(repeats):
        state = np.tanh(weights @ state)
    return state


if __name__ == "__main__":
    sys.exit(main())
