"""Chrome's trace events, for Perfetto: begins and ends in legal order, and an arrow for every token.

Begins and ends, not complete events: a reader that rounds instants keeps their order, while a start and a length that
are rounded apart can make a child outlast its parent by a nanosecond.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from assay.record.words.escape import plain
from assay.report.tracing.export import Nested, TraceExport, arguments, is_request, label, walk
from assay.trace.foreign.events import Foreign

_PID = 1
_CATEGORY = "trace"


def render(nested: Nested) -> Iterator[bytes]:
    """Times are microseconds since the first event, with three decimals."""
    yield b'{"displayTimeUnit":"ns","traceEvents":['
    separator = b""
    for event in _events(nested):
        yield separator + json.dumps(event, separators=(",", ":")).encode()
        separator = b",\n"
    yield b"]}\n"


def _events(nested: Nested) -> Iterator[dict[str, Any]]:
    yield _named("process_name", 0, nested.header.model or nested.header.backend.value)
    for number, (thread, events) in enumerate(nested.tracks.items()):
        yield _named("thread_name", number, f"thread {thread}")
        for begins, event in walk(events):
            at_ns = event.start_ns if begins else event.end_ns
            yield _edge(event, begins=begins, at_us=_us(at_ns - nested.first_ns), track=number)
        yield from _arrows(events, nested.first_ns, number)


def _edge(event: Foreign, *, begins: bool, at_us: float, track: int) -> dict[str, Any]:
    edge: dict[str, Any] = {"ph": "B" if begins else "E", "ts": at_us, "pid": _PID, "tid": track}
    if begins:
        edge |= {"name": plain(label(event)), "cat": _CATEGORY, "args": _plain(arguments(event))}
    return edge


def _arrows(events: list[Foreign], first_ns: int, track: int) -> Iterator[dict[str, Any]]:
    """From the last step of each token to the first of the next: the way that a sequence takes."""
    last: dict[int | None, Foreign] = {}
    for number, event in enumerate(events):
        if event.token is None or event.op is not None or is_request(event):
            continue
        before = last.get(event.invocation)
        if before is not None and before.token != event.token:
            flow = {
                "name": "token",
                "cat": "token",
                "id": f"{track}.{number}",
                "pid": _PID,
                "tid": track,
            }
            yield {**flow, "ph": "s", "ts": _us(before.start_ns - first_ns)}
            yield {**flow, "ph": "f", "bp": "e", "ts": _us(event.start_ns - first_ns)}
        last[event.invocation] = event


def _us(ns: int) -> float:
    return round(ns / 1000, 3)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: plain(value) if isinstance(value, str) else value for name, value in values.items()}


def _named(what: str, track: int, name: str) -> dict[str, Any]:
    return {"name": what, "ph": "M", "pid": _PID, "tid": track, "args": {"name": plain(name)}}


PLUGIN = TraceExport(
    name="perfetto",
    suffixes=(".perfetto.json", ".trace.json"),
    reader="https://ui.perfetto.dev, chrome://tracing",
    render=render,
)
