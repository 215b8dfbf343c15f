"""A profile of ONNX Runtime as trees of calls: a run executes a graph, a graph calls nodes, a node may execute graphs.

ONNX Runtime writes an event when something ends, so that whatever a node ran stands before it. Starts decide which
of those belong to it: events of one graph are microseconds apart, since each costs as much to be written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from assay.backends.operators.graph import Shape
from assay.errors import RecordError
from assay.trace.foreign.documents import Loose, decode_file

MOST_EVENTS = 1_000_000
"""ONNX Runtime keeps no more events of one session."""

_KERNEL = "_kernel_time"
_EXECUTE = "SequentialExecutor::Execute"
_RUN = "model_run"
_TRUNCATED = "profile_truncated"
_REMEDY = "profile fewer repeats (--repeat), so that one profile holds all of them"


class _Event(Loose):
    cat: str
    name: str
    ts: int = 0
    dur: int = 0
    tid: int = 0
    args: dict[str, Any] = msgspec.field(default_factory=dict)


@dataclass(kw_only=True, slots=True)
class Call:
    """One call of one node."""

    name: str
    op: str
    start_ns: int
    wall_ns: int
    inputs: tuple[Shape, ...]
    """Tensors that it was given; weights that were packed before and options left out are missing."""
    outputs: tuple[Shape, ...]
    executions: list[Execution] = field(default_factory=list)
    """Graphs that it ran, in order."""

    @property
    def self_ns(self) -> int:
        """Time outside of the graphs that it ran."""
        return max(0, self.wall_ns - sum(each.wall_ns for each in self.executions))


@dataclass(kw_only=True, slots=True)
class Execution:
    """One pass through a graph."""

    start_ns: int
    wall_ns: int
    calls: list[Call]

    @property
    def gap_ns(self) -> int:
        """Time in no node: the runtime's own, and the profiler's between nodes."""
        inner = sum(each.gap_ns for call in self.calls for each in call.executions)
        return max(0, self.wall_ns - sum(call.wall_ns for call in self.calls)) + inner


@dataclass(kw_only=True, slots=True)
class ModelRun:
    """One run of the model."""

    start_ns: int
    wall_ns: int
    execution: Execution

    @property
    def gap_ns(self) -> int:
        """Time of the run that lies in no node."""
        return max(0, self.wall_ns - self.execution.wall_ns) + self.execution.gap_ns


def read_profile(path: Path) -> list[ModelRun]:
    """Every run of the model in a profile; one that does not hold all of its runs is refused."""
    events = decode_file(path, list[_Event], "a profile of ONNX Runtime")
    if len(events) >= MOST_EVENTS or any(each.name == _TRUNCATED for each in events):
        raise refused(path, f"the profile was cut off: it holds {len(events):,} events, the most that are kept")
    return _Builder(path).runs_of(events)


class _Builder:
    """Puts events together in the order in which they ended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._calls: list[Call] = []
        self._executions: list[Execution] = []
        self._runs: list[ModelRun] = []

    def runs_of(self, events: Sequence[_Event]) -> list[ModelRun]:
        """The runs."""
        for event in events:
            if event.dur < 0:
                raise refused(self._path, "an event ends before it starts: the profile is damaged")
            if event.cat == "Node" and event.name.endswith(_KERNEL):
                self._calls.append(self._call(event))
            elif event.name == _EXECUTE:
                self._executions.append(self._execution(event))
            elif event.name == _RUN:
                self._runs.append(self._run(event))
        if self._calls or self._executions:
            raise refused(self._path, "calls at its end belong to no run: the profile was cut off or rotated")
        return self._runs

    def _call(self, event: _Event) -> Call:
        call = Call(
            name=event.name.removesuffix(_KERNEL),
            op=str(event.args.get("op_name", "?"))[:128],
            start_ns=event.ts * 1000,
            wall_ns=event.dur * 1000,
            inputs=shapes_in(event.args.get("input_type_shape")),
            outputs=shapes_in(event.args.get("output_type_shape")),
        )
        call.executions = _taken(self._executions, call.start_ns)
        return call

    def _execution(self, event: _Event) -> Execution:
        start_ns = event.ts * 1000
        return Execution(start_ns=start_ns, wall_ns=event.dur * 1000, calls=_taken(self._calls, start_ns))

    def _run(self, event: _Event) -> ModelRun:
        mine = _taken(self._executions, event.ts * 1000)
        if len(mine) != 1 or self._calls or self._executions:
            what = "a run of the model is not whole in the profile: it was cut off or rotated"
            raise refused(self._path, what)
        return ModelRun(start_ns=event.ts * 1000, wall_ns=event.dur * 1000, execution=mine[0])


def _taken(ended: list[Any], start_ns: int) -> list[Any]:
    """What ended last and began no earlier: it ran inside."""
    first = len(ended)
    while first and ended[first - 1].start_ns >= start_ns:
        first -= 1
    mine = ended[first:]
    del ended[first:]
    return mine


def shapes_in(stated: object) -> tuple[Shape, ...]:
    """Shapes as a profile states them: ``[{"float": [2, 3]}, …]``; what is no tensor is passed over."""
    found = []
    for each in stated if isinstance(stated, list) else []:
        for dtype, dims in each.items() if isinstance(each, dict) else ():
            if isinstance(dims, list) and all(isinstance(dim, int) and dim >= 0 for dim in dims):
                found.append(Shape(str(dtype), tuple(dims)))
    return tuple(found)


def refused(path: Path, what: str) -> RecordError:
    """The error of a profile that can't be believed."""
    return RecordError(what, where=str(path), remedy=_REMEDY)
