"""A small decoder's trace, in the order in which spans end, and how to record it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from assay.record.run import Series
from assay.store.spans.writer import SampleWriter, SpanWriter

STEPS = ("Decode", "Embed", "Attention", "FFN", "LmHead", "Sample")
LAYERS = 4
PER_TOKEN = 2 * LAYERS + 4


def make_trace(tokens: int = 50, seed: int = 0) -> dict[str, Any]:
    """Columns of the spans of ``tokens`` tokens; a token's whole span ends last and starts first."""
    random = np.random.default_rng(seed)
    pattern = [1, *[2, 3] * LAYERS, 4, 5, 0]
    layers = [-1, *np.repeat(range(LAYERS), 2).tolist(), -1, -1, -1]
    inner = random.lognormal(9, 0.5, (tokens, PER_TOKEN - 1)).astype(np.int64)
    ends = np.cumsum(inner + 100, axis=1)
    whole = ends[:, -1:] + 200
    begins = 10**9 + np.concatenate([[0], np.cumsum(whole[:-1, 0] + 1000)])[:, None]
    start_ns = np.concatenate([begins + 50 + ends - inner, begins], axis=1).ravel()
    wall_ns = np.concatenate([inner, whole], axis=1).ravel()
    layer = np.tile(np.array(layers, np.int16), tokens)
    return {
        "step": pa.DictionaryArray.from_arrays(np.tile(np.array(pattern, np.int32), tokens), list(STEPS)),
        "phase": "decode",
        "layer": pa.array(layer, mask=layer < 0),
        "token": np.repeat(np.arange(tokens, dtype=np.int32), PER_TOKEN),
        "thread": 77,
        "start_ns": start_ns,
        "wall_ns": wall_ns,
        "cpu_ns": wall_ns - random.integers(0, 50, len(wall_ns)),
        "flops": 1000 * wall_ns,
    }


def cut(columns: dict[str, Any], begin: int, end: int) -> dict[str, Any]:
    """Some rows of all columns."""
    return {name: value if isinstance(value, str | int) else value[begin:end] for name, value in columns.items()}


def record_trace(folder: Path, columns: dict[str, Any], pieces: int = 1) -> tuple[Series, ...]:
    """Record columns in so many pieces and seal them."""
    writer = SpanWriter(folder)
    rows = len(columns["wall_ns"])
    for i in range(pieces):
        writer.append(**cut(columns, rows * i // pieces, rows * (i + 1) // pieces))
    return writer.finalise()


def record_samples(folder: Path) -> tuple[Series, ...]:
    """Three readings, out of order."""
    writer = SampleWriter(folder)
    writer.append(time_ns=[30, 10, 20], name="power_w", device="cpu:0", value=[3.0, 1.0, None])
    return writer.finalise()


def run_until_killed(program: str, folder: Path) -> None:
    """Run a Python program that gets the folder as its argument and ends by killing itself."""
    ended = subprocess.run([sys.executable, "-c", program, str(folder)], check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL
