"""What an export of a trace is, how one is chosen, and its events nested as every tool expects them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from assay.errors import UsageError
from assay.plugins import Folder
from assay.record.trace.lines import REQUEST, TraceHeader
from assay.trace.foreign.events import Foreign, nest
from assay.trace.source import Trace

EXPORTS = Folder("assay.report.tracing.exports")
MOST_EVENTS = 2_000_000
"""More events than other tools open; nesting them takes all of them at once."""


@dataclass(frozen=True, kw_only=True)
class Nested:
    """A trace whose events lie in one another, never across one another's end."""

    header: TraceHeader
    tracks: dict[int, list[Foreign]]
    """Events of each thread, a parent before its children, in the order of their starts."""
    first_ns: int
    """The earliest start."""
    cut: int
    """Events that ended after what they lie in, and were cut there."""


@dataclass(frozen=True, kw_only=True)
class TraceExport:
    """A plug-in of ``report/tracing/exports``."""

    name: str
    """Its name, which is its file's."""
    suffixes: tuple[str, ...]
    """Endings of the files it writes, the usual one first."""
    reader: str
    """What opens such a file."""
    render: Callable[[Nested], Iterator[bytes]]
    """The file in pieces; the same trace gives the same bytes."""


def trace_export_for(file: str) -> TraceExport | None:
    """The export that a file's ending asks for; None where it asks for a report."""
    ends = ((ending, export) for export in _all() for ending in export.suffixes)
    return next((export for ending, export in ends if file.lower().endswith(ending)), None)


def nested(trace: Trace, where: str) -> Nested:
    """All events of a trace, nested."""
    tracks: dict[int, list[Foreign]] = {}
    count = 0
    for batch in trace.events():
        count += batch.num_rows
        if count > MOST_EVENTS:
            what = f"the trace has more than {MOST_EVENTS:,} events, which no such tool opens"
            raise UsageError(what, where=where, remedy="record fewer tokens, or whole steps only")
        for row in batch.to_pylist():
            event = _event(row)
            tracks.setdefault(event.thread or 0, []).append(event)
    if not count:
        raise UsageError("the trace has no events", where=where, remedy="record at least one step")
    cut = sum(nest(mine) for mine in tracks.values())
    first_ns = min(mine[0].start_ns for mine in tracks.values())
    return Nested(header=trace.header, tracks=dict(sorted(tracks.items())), first_ns=first_ns, cut=cut)


def label(event: Foreign) -> str:
    """What an event is called on a screen."""
    name = event.step if event.op is None else event.op
    return name if event.layer is None or event.op is not None else f"{name} {event.layer}"


def walk(events: list[Foreign]) -> Iterator[tuple[bool, Foreign]]:
    """Begins and ends of one thread's events in legal order: the last that began ends first."""
    open_: list[Foreign] = []
    for event in events:
        while open_ and event.parent is not open_[-1]:
            yield False, open_.pop()
        yield True, event
        open_.append(event)
    while open_:
        yield False, open_.pop()


def arguments(event: Foreign) -> dict[str, Any]:
    """What is known of an event beside its times; gaps are left out."""
    names = ("layer", "phase", "token", "tokens", "invocation", "device", "flops", "read_bytes", "written_bytes")
    found = {name: getattr(event, name) for name in names}
    return {name: value for name, value in found.items() if value is not None and value != "none"}


def _event(row: dict[str, Any]) -> Foreign:
    names = ("step", "start_ns", "wall_ns", "op", "kernel", "layer", "phase", "device", "thread", "flops")
    more = ("read_bytes", "written_bytes", "invocation", "token", "tokens")
    return Foreign(**{name: row[name] for name in (*names, *more)})


def is_request(event: Foreign) -> bool:
    """Whether it spans a whole request."""
    return event.step == REQUEST and event.op is None


@cache
def _all() -> tuple[TraceExport, ...]:
    return tuple(EXPORTS.load_all().values())
