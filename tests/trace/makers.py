"""Traces made of a few words, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay.record.trace.columns import NAME_COLUMNS, TRACE
from assay.record.trace.lines import TraceHeader
from assay.trace.format.writer import open_writer

COLUMNS = tuple(name for name in TRACE.names if name != "kernel")
ORDINARY = {"phase": "decode", "device": "cpu:0", "thread": 7, "invocation": 0}


def event(step: str, start_ns: int, wall_ns: int, **rest: Any) -> dict[str, Any]:
    """One event; what is not named is ordinary or null."""
    return {**ORDINARY, "step": step, "start_ns": start_ns, "wall_ns": wall_ns, **rest}


def batch(events: Iterable[Mapping[str, Any]]) -> pa.RecordBatch:
    rows = list(events)
    columns = []
    for field in TRACE:
        values = [row.get(field.name) for row in rows]
        named = field.name in NAME_COLUMNS
        column = pa.array(values, pa.string() if named else field.type)
        columns.append(column.dictionary_encode() if named else column)
    return pa.RecordBatch.from_arrays(columns, schema=TRACE)


def decoded(tokens: int = 4, layers: int = 3, wall_ns: int = 1000, gap_ns: int = 100) -> list[dict[str, Any]]:
    """One request: every token goes through all layers, and is sampled; nothing varies."""
    events, now_ns = [], 1_000_000
    for token in range(tokens):
        steps = [(step, layer) for layer in range(layers) for step in ("Attention", "FFN")] + [("Sample", None)]
        for step, layer in steps:
            events.append(event(step, now_ns, wall_ns, layer=layer, token=token))
            now_ns += wall_ns + gap_ns
    return [*events, event("Request", 1_000_000, now_ns - 1_000_000)]


def write(path: Path, events: Iterable[Mapping[str, Any]], **facts: Any) -> Path:
    """A trace in the form that the file's ending asks for."""
    writer = open_writer(path, TraceHeader(columns=COLUMNS, **facts))
    writer.write(batch(events))
    writer.close()
    return path
