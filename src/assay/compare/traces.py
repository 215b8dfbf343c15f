"""Trace files as sides: each file is one process, and so one unit, however many requests it answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from assay.compare.answer import Answered, as_comparison
from assay.compare.asked import Asked
from assay.compare.compare import Source, judged_sides
from assay.compare.observed import Floats, Observed, One, Unit
from assay.compare.table.claims import read_claim
from assay.compare.table.judging import Stated
from assay.compare.tally import Batch, Tally
from assay.errors import UsageError
from assay.record.documents.comparison import ComparedSide, Comparison, Obstacle
from assay.record.trace.columns import SELF_NS
from assay.record.trace.lines import REQUEST, TraceHeader
from assay.trace.reading import open_trace
from assay.trace.source import Trace

_UNITS = {"wall_s": "s", "cpu_s": "s", "flops": "FLOP"}
_NAMES = ("phase", "step", "op", "device")
_FACTS: dict[str, Callable[[TraceHeader], Any]] = {
    "model": lambda header: header.model or None,
    "machine": lambda header: header.machine or None,
    "clock": lambda header: header.clock.name,
    "clock_source": lambda header: header.clock.source,
    "threads": lambda header: header.threads,
}
"""What both sides must have alike; what a header does not state is not held against it."""


def compare_traces(before: Sequence[Path], after: Sequence[Path], asked: Asked) -> Comparison:
    """Judge the second side's files against the first's."""
    if asked.metric not in _UNITS:
        remedy = f"choose one of: {', '.join(_UNITS)}"
        raise UsageError(f"traces hold no {asked.metric!r}", where="--metric", remedy=remedy)
    if set(before) & set(after):
        raise UsageError(
            "a file stands on both sides", where=str(min(set(before) & set(after))), remedy="name two sets"
        )
    sides = [[open_trace(path) for path in paths] for paths in (before, after)]
    answered = Answered(
        asked=asked,
        baseline=_side(before, sides[0]),
        candidate=_side(after, sides[1]),
        obstacles=_obstacles(sides, asked),
        differs=_differs(sides),
    )
    if answered.obstacles:
        return as_comparison(answered)
    observed = [_observed(paths, traces, asked.metric) for paths, traces in zip((before, after), sides, strict=True)]
    stated = [Stated(claim=read_claim(text), named_before=False) for text in asked.claims]
    source = Source(name="spans", unit=_UNITS[asked.metric])
    return judged_sides(answered, source, (observed[0], observed[1]), None, stated)


def _observed(paths: Sequence[Path], traces: Sequence[Trace], metric: str) -> Observed:
    units = [_one(path, trace, metric) for path, trace in zip(paths, traces, strict=True)]
    return Observed(units=tuple(sorted(units, key=lambda one: (one.unit.start_utc_ns, one.unit.run))))


def _one(path: Path, trace: Trace, metric: str) -> One:
    tally = Tally()
    first_ns: int | None = None
    for batch in trace.events():
        tally.add(_batch(batch, metric))
        if batch.num_rows and first_ns is None:
            first_ns = int(batch.column("start_ns")[0].as_py())
    clock = trace.header.clock
    known = clock.utc_ns is not None and clock.start_ns is not None and first_ns is not None
    start_utc_ns = clock.utc_ns + first_ns - clock.start_ns if known else 0  # type: ignore[operator]
    unit = Unit(run=str(path), start_utc_ns=start_utc_ns, build=trace.header.build)
    return One(unit=unit, values=tally.values())


def _batch(batch: pa.RecordBatch, metric: str) -> Batch:
    # what lies inside other events is counted once, in the inner ones
    time = SELF_NS if metric == "wall_s" and SELF_NS in batch.schema.names else "wall_ns"
    wall = _floats(batch.column("flops" if metric == "flops" else time))
    value = wall - _floats(batch.column("off_cpu_ns")) if metric == "cpu_s" else wall
    return Batch(
        names={name: _names(batch.column(name)) for name in _NAMES},
        layer=_whole(batch.column("layer")),
        token=_whole(batch.column("token")),
        value=value if metric == "flops" else value / 1e9,
        skip=(REQUEST,),
    )


def _names(column: pa.Array) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.int32]], list[str]]:
    coded = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
    return _whole(coded.indices), [str(name) for name in coded.dictionary.to_pylist()]


def _whole(column: pa.Array) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    filled = column.fill_null(-1) if column.null_count else column
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=np.int32)


def _floats(column: pa.Array) -> Floats:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _side(paths: Sequence[Path], traces: Sequence[Trace]) -> ComparedSide:
    name = traces[0].header.build or paths[0].name
    return ComparedSide(name=name, command="", runs=(), files=tuple(map(str, paths)), units=len(paths))


def _obstacles(sides: Sequence[Sequence[Trace]], asked: Asked) -> tuple[Obstacle, ...]:
    found = []
    for fact, of in _FACTS.items():
        values = [list(dict.fromkeys(of(trace.header) for trace in traces)) for traces in sides]
        known = {value for side in values for value in side if value is not None}
        if len(known) > 1 and fact not in asked.across:
            texts = [" and ".join("not known" if value is None else str(value) for value in side) for side in values]
            remedy = f"trace both sides alike, or ask about it with --across {fact}"
            found.append(Obstacle(fact=fact, before=texts[0][:200], after=texts[1][:200], remedy=remedy))
    return tuple(found)


def _differs(sides: Sequence[Sequence[Trace]]) -> tuple[str, ...]:
    before, after = (traces[0].header for traces in sides)
    named = (
        (name, str(getattr(before, name)), str(getattr(after, name))) for name in ("backend", "precision", "build")
    )
    return tuple(f"{name}: {one or 'not known'} → {other or 'not known'}" for name, one, other in named if one != other)
