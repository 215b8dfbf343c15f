"""A trace as a decoder would leave it: 32 layers, lognormal times, pauses between steps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assay.record.trace.columns import TRACE
from assay.record.trace.lines import TraceHeader
from assay.trace.format.writer import open_writer

LAYERS = 32
_STEPS = ("Embed", "Attention", "FFN", "LmHead", "Sample")
_PER_TOKEN = 2 * LAYERS + 3
_BATCH = 1 << 16
_PROMPT, _TOKENS = 1, 512
COLUMNS = tuple(name for name in TRACE.names if name not in ("kernel", "depth", "origin"))


def write(path: Path, events: int) -> Path:
    """A trace of so many events."""
    writer = open_writer(path, TraceHeader(columns=COLUMNS, threads=1))
    for batch in batches(events):
        writer.write(batch)
    writer.close()
    return path


def batches(events: int) -> Iterator[pa.RecordBatch]:
    """The events, in memory that does not grow with them."""
    chance = np.random.default_rng(1)
    pattern = np.concatenate([[0], np.tile([1, 2], LAYERS), [3, 4]])
    layers = np.concatenate([[-1], np.repeat(np.arange(LAYERS), 2), [-1, -1]])
    now_ns = 10**13
    for begin in range(0, events, _BATCH):
        rows = np.arange(begin, min(events, begin + _BATCH))
        wall_ns = chance.lognormal(11, 0.12, len(rows)).astype(np.int64)
        ends = now_ns + np.cumsum(wall_ns + chance.integers(30, 300, len(rows)))
        now_ns = int(ends[-1])
        place, token = rows % _PER_TOKEN, rows // _PER_TOKEN
        yield _batch(pattern[place], layers[place], token, (ends - wall_ns, wall_ns), chance)


def _batch(
    step: npt.NDArray[np.int64],
    layer: npt.NDArray[np.int64],
    token: npt.NDArray[np.int64],
    times: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    chance: np.random.Generator,
) -> pa.RecordBatch:
    rows, position = len(step), token % _TOKENS
    made = {
        "step": _names(step, _STEPS),
        "phase": _names((position >= _PROMPT).astype(np.int64), ("prefill", "decode")),
        "device": _names(np.zeros(rows, np.int64), ("cpu:0",)),
        "layer": pa.array(layer.astype(np.int16), mask=layer < 0),
        "token": pa.array(position.astype(np.int32)),
        "thread": pa.array(np.full(rows, 77, np.int32)),
        "start_ns": pa.array(times[0]),
        "wall_ns": pa.array(times[1]),
        "off_cpu_ns": pa.array(np.where(chance.random(rows) < 0.002, chance.integers(0, 10**6, rows), 0)),
        "flops": pa.array(np.array([0, 9_000_000, 30_000_000, 65_000_000, 32_000])[step]),
        "read_bytes": pa.array(np.array([4096, 4_500_000, 15_000_000, 32_000_000, 128_000])[step]),
        "written_bytes": pa.array(np.full(rows, 4096)),
        "invocation": pa.array((token // _TOKENS).astype(np.int32)),
        "tokens": pa.array(np.ones(rows, np.int32)),
        "kv_bytes": pa.array(position * 4096, mask=step != 1),
    }
    columns = [made.get(field.name, pa.nulls(rows, field.type)) for field in TRACE]
    return pa.RecordBatch.from_arrays(columns, schema=TRACE)


def _names(codes: npt.NDArray[np.int64], names: tuple[str, ...]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(names))
