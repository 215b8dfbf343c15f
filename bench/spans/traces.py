"""A decoder's trace of any length, in the order in which its spans end.

One token is a whole span, an embedding, attention and FFN per layer, the head and the sampler. Durations are
lognormal around a median of their own per step and layer; attention grows with the position; one span in 500 loses
its processor for some milliseconds; the CPU clock reads a little less than the wall clock; spans follow each other
after a short pause that varies. Every number is in whole nanoseconds, as clocks give them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

LAYERS = 32
PER_TOKEN = 2 * LAYERS + 4
TOKENS_PER_REQUEST = 2048
SIGMA = 0.12
"""Standard deviation of the logarithm of a duration."""

STEPS = ("Embed", "Attention", "FFN", "LmHead", "Sample", "Decode")
KERNELS = ("gather", "attention_q8", "ffn_q8", "gemv_q8", "argmax")
_BLOCK_TOKENS = 7680
_CHUNK_ROWS = 1 << 16


def spans(count: int) -> Iterator[dict[str, Any]]:
    """Columns of ``count`` spans, 65,536 rows at a time. A block of half a million rows repeats, later in time."""
    block = _block(np.random.default_rng(0))
    rows = len(block["start_ns"])
    period_ns = int(block["start_ns"].max() - block["start_ns"].min()) + 1_000_000
    for first in range(0, count, _CHUNK_ROWS):
        repeat, begin = divmod(first, rows // _CHUNK_ROWS * _CHUNK_ROWS)
        chunk = slice(begin, begin + min(_CHUNK_ROWS, count - first))
        columns = {name: column[chunk] for name, column in block.items()}
        columns["start_ns"] = columns["start_ns"] + repeat * period_ns
        columns["token"] = columns["token"] + np.int32(repeat * _BLOCK_TOKENS)
        yield {**columns, "phase": "decode", "device": "cpu:0", "thread": 4711}


def _block(random: np.random.Generator) -> dict[str, Any]:
    wall = _wall_ns(random)
    off_cpu = random.gamma(4, 60, wall.shape) + 0.1
    preempted = random.random(wall.shape) < 0.002
    lost = np.where(preempted, random.exponential(2e6, wall.shape), 0)
    inner_ns = (wall + lost).astype(np.int64)
    off_cpu_ns = np.minimum(off_cpu + 0.9 * lost, inner_ns).astype(np.int64)
    pauses_ns = (80 + random.gamma(2, 60, wall.shape)).astype(np.int64)
    ends = np.cumsum(inner_ns + pauses_ns, axis=1)
    whole_ns = ends[:, -1:] + 500
    between_ns = (2000 + random.gamma(3, 1500, len(wall))).astype(np.int64)
    begins = 10**12 + np.concatenate([[0], np.cumsum(whole_ns[:-1, 0] + between_ns[:-1])])[:, None]
    whole_off_ns = off_cpu_ns.sum(axis=1, keepdims=True) + random.gamma(4, 500, whole_ns.shape).astype(np.int64)
    timed = {
        "start_ns": np.concatenate([begins + ends - inner_ns, begins], axis=1),
        "wall_ns": np.concatenate([inner_ns, whole_ns], axis=1),
        "off_cpu_ns": np.concatenate([off_cpu_ns, whole_off_ns], axis=1),
    }
    return {name: column.ravel() for name, column in timed.items()} | _structure()


def _wall_ns(random: np.random.Generator) -> Any:
    median = np.array([2_000, *[45_000, 95_000] * LAYERS, 400_000, 30_000], float)
    median *= 1 + 0.03 * random.standard_normal(len(median))
    wall = median * np.exp(SIGMA * random.standard_normal((_BLOCK_TOKENS, len(median))))
    position = np.arange(_BLOCK_TOKENS) % TOKENS_PER_REQUEST
    wall[:, 1:-2:2] *= (1 + 0.0002 * position)[:, None]
    return wall


def _structure() -> dict[str, Any]:
    """What is the same for every token, and what follows from its position."""
    steps = np.array([0, *[1, 2] * LAYERS, 3, 4, 5], np.int32)
    layers = np.array([-1, *np.repeat(range(LAYERS), 2), -1, -1, -1], np.int16)
    position = (np.arange(_BLOCK_TOKENS) % TOKENS_PER_REQUEST)[:, None]
    weights = np.array([8_192, 67_108_864, 176_160_768, 131_072_000, 32_000, 0])[steps]
    flops = 2 * weights + np.where(steps == 1, 16_384 * (position + 1), 0)
    read_bytes = weights + np.where(steps == 1, 16_384 * (position + 1), 8_192)
    all_steps, all_layers = np.tile(steps, _BLOCK_TOKENS), np.tile(layers, _BLOCK_TOKENS)
    whole = all_steps == len(KERNELS)
    return {
        "step": pa.DictionaryArray.from_arrays(all_steps, list(STEPS)),
        "kernel": pa.DictionaryArray.from_arrays(pa.array(np.where(whole, 0, all_steps), mask=whole), list(KERNELS)),
        "layer": pa.array(all_layers, mask=all_layers < 0),
        "token": np.repeat(np.arange(_BLOCK_TOKENS, dtype=np.int32), PER_TOKEN),
        "depth": np.where(whole, 0, 1).astype(np.int16),
        "flops": flops.ravel(),
        "read_bytes": read_bytes.ravel(),
        "written_bytes": np.where(whole, 0, 16_384),
    }
