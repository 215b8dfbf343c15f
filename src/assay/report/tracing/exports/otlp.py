"""OpenTelemetry: requests and steps as spans, lines of OTLP's JSON, named by the conventions for generative AI."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from assay import __version__
from assay.errors import UsageError
from assay.record.words.escape import plain
from assay.report.tracing.export import Nested, TraceExport, arguments, is_request, label
from assay.trace.foreign.events import Foreign

CONVENTIONS = "1.37.0"
"""Version of the semantic conventions whose names are used."""
_SCHEMA_URL = f"https://opentelemetry.io/schemas/{CONVENTIONS}"
_SPANS_A_LINE = 4096
_INTERNAL = 1


def render(nested: Nested) -> Iterator[bytes]:
    """Each line is a whole message, as collectors read files."""
    clock = nested.header.clock
    if clock.start_ns is None or clock.utc_ns is None:
        what = "the trace does not tie its clock to the time of day, which OpenTelemetry asks for"
        raise UsageError(what, where=".otlp.jsonl", remedy="write .perfetto.json or .speedscope.json instead")
    spans = _Spans(nested, clock.utc_ns - clock.start_ns)
    waiting: list[dict[str, Any]] = []
    for events in nested.tracks.values():
        for event in events:
            waiting.append(spans.span(event))
            if len(waiting) == _SPANS_A_LINE:
                yield spans.line(waiting)
                waiting = []
    if waiting:
        yield spans.line(waiting)


class _Spans:
    """Spans of one trace; ids follow from the session, so that the same trace gives the same file."""

    def __init__(self, nested: Nested, offset_ns: int) -> None:
        self._header, self._offset_ns = nested.header, offset_ns
        self._seed = f"{nested.header.session}:{nested.first_ns}"
        self._ids: dict[int, str] = {}
        self._requests = {e.invocation: e for mine in nested.tracks.values() for e in mine if is_request(e)}
        self._tokens: dict[int | None, set[int]] = {}
        for mine in nested.tracks.values():
            for event in mine:
                if event.token is not None:
                    self._tokens.setdefault(event.invocation, set()).add(event.token)

    def span(self, event: Foreign) -> dict[str, Any]:
        """One event; a step outside of its request's thread is the request's child all the same."""
        request = self._requests.get(event.invocation)
        parent = event.parent or (request if request is not event else None)
        made: dict[str, Any] = {
            "traceId": _digest(f"{self._seed}:trace:{event.invocation}", 32),
            "spanId": self._id(event),
            "name": self._name(event),
            "kind": _INTERNAL,
            "startTimeUnixNano": str(event.start_ns + self._offset_ns),
            "endTimeUnixNano": str(event.end_ns + self._offset_ns),
            "attributes": [_attribute(name, value) for name, value in self._attributes(event).items()],
        }
        return made if parent is None else {**made, "parentSpanId": self._id(parent)}

    def line(self, spans: list[dict[str, Any]]) -> bytes:
        """One message."""
        facts = {"service.name": "assay", "assay.session": self._header.session, "assay.build": self._header.build}
        resource = {"attributes": [_attribute(name, value) for name, value in facts.items() if value]}
        scope = {"scope": {"name": "assay.trace", "version": __version__}, "spans": spans, "schemaUrl": _SCHEMA_URL}
        message = {"resourceSpans": [{"resource": resource, "scopeSpans": [scope], "schemaUrl": _SCHEMA_URL}]}
        return json.dumps(message, separators=(",", ":")).encode() + b"\n"

    def _name(self, event: Foreign) -> str:
        return plain(f"text_completion {self._header.model}".strip() if is_request(event) else label(event))

    def _attributes(self, event: Foreign) -> dict[str, Any]:
        own = {f"assay.{name}": value for name, value in arguments(event).items()}
        if not is_request(event):
            return own
        shared = {
            "gen_ai.operation.name": "text_completion",
            "gen_ai.provider.name": self._header.backend.value,
            "gen_ai.usage.output_tokens": len(self._tokens.get(event.invocation, ())),
        }
        model = {"gen_ai.request.model": self._header.model} if self._header.model else {}
        return {**shared, **model, **own}

    def _id(self, event: Foreign) -> str:
        known = self._ids.get(id(event))
        if known is None:
            known = self._ids[id(event)] = _digest(f"{self._seed}:{len(self._ids)}", 16)
        return known


def _attribute(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, int):
        return {"key": name, "value": {"intValue": str(value)}}
    return {"key": name, "value": {"stringValue": plain(str(value))}}


def _digest(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


PLUGIN = TraceExport(
    name="otlp",
    suffixes=(".otlp.jsonl", ".otlp.json"),
    reader="an OpenTelemetry collector's file receiver",
    render=render,
)
