"""Lines of a trace in its text form: newline-delimited JSON that stays readable when its writer is killed.

The first line is the header. A line that is an array is an event: one value a column of the header, in its order.
Any other line is an object of one of the types here. Names in events are places in the table of strings, whose lines
precede the events that use them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from assay.record.base import Count, Instant, Name, Record, Text
from assay.record.enums import Backend, Precision
from assay.record.schema import schema_of

TRACE_VERSION = "1.0"
"""Of the columns and of the lines; a reader refuses another major number."""

HISTORY: tuple[tuple[str, str], ...] = (("1.0", "First version."),)
"""Every version, oldest first, and what it was."""

REQUEST = "Request"
"""Step of the event that spans a whole invocation, from its arrival to its last token."""

SUB_STEPS: dict[str, tuple[str, ...]] = {
    "Attention": ("norm", "qkv", "rope", "scores", "softmax", "context", "output"),
    "FFN": ("norm", "gate", "up", "activation", "down"),
    "LmHead": ("norm",),
}
"""Parts of a step that are timed on request, as they stand in ``op``; others may occur."""

MOST_LINE_BYTES = 1 << 20
"""No line is longer; one that claims to be is damage."""


class TraceClock(Record, kw_only=True):
    """The clock behind ``start_ns`` and ``wall_ns``."""

    name: Name = "CLOCK_MONOTONIC"
    """Its name; readers of other tools' files name theirs."""
    source: Name = "clock_gettime"
    """What was read: ``tsc``, mapped to the clock at both ends of the recording, or ``clock_gettime``."""
    error_ns: float | None = None
    """What the mapping can't tell apart; null where nothing was mapped."""
    start_ns: Instant | None = None
    """An instant on this clock; null where it is not tied to time of day."""
    utc_ns: Instant | None = None
    """The same instant in nanoseconds since 1970, UTC; null likewise."""


class Provenance(Record, kw_only=True):
    """Where the numbers of one column come from."""

    column: Name
    """The column."""
    origin: Literal["measured", "derived", "estimated"]
    """``derived`` is computed from other numbers; times obtained by dividing a total are derived, never measured."""
    by: Name
    """The clock or counter, what it was computed from, or the model."""


class TraceHeader(Record, kw_only=True, tag="header", tag_field="type"):
    """First line of a trace: what holds for all of its events."""

    format: Literal["assay-trace"] = "assay-trace"
    """Name of the format."""
    version: Annotated[str, Meta(pattern="^[0-9]+\\.[0-9]+$(?!\\n)", max_length=16)] = TRACE_VERSION
    """Version of the columns and lines."""
    assay: Text = ""
    """Release of Assay that wrote it; empty where not known."""
    session: Text = ""
    """Sitting it belongs to, a ULID of Assay's own; empty where not known."""
    build: Text = ""
    """Build of the engine that ran, such as its version and commit; empty where not known."""
    backend: Backend = Backend.OTHER
    """What ran the model."""
    model: Text = ""
    """Which model; empty where not known."""
    precision: Precision = Precision.UNSPECIFIED
    """Number format of the dominant arithmetic."""
    threads: Count | None = None
    """Threads that computed at once; null where not known."""
    weight_bytes: Count | None = None
    """Bytes of the model's weights as they are read; null where not known."""
    machine: Text = ""
    """Fingerprint of the machine's ceilings; empty where not known, and then no roof applies."""
    clock: TraceClock = TraceClock()
    """The clock of all times."""
    columns: Annotated[tuple[Name, ...], Meta(max_length=64)]
    """Columns of the events that follow, in order; what is not among them is null."""
    provenance: Annotated[tuple[Provenance, ...], Meta(max_length=64)] = ()
    """Origin of every column of numbers that were not simply counted up."""

    def __post_init__(self) -> None:
        if len(set(self.columns)) != len(self.columns):
            raise ValueError("a column stands twice, at /columns")


class TraceStrings(Record, kw_only=True, tag="strings", tag_field="type"):
    """A piece of the table of strings."""

    first: Count
    """Place of the first name; names are added at the end only."""
    names: Annotated[tuple[Name, ...], Meta(min_length=1)]
    """The names."""


class TraceDrops(Record, kw_only=True, tag="drops", tag_field="type"):
    """Events that found no room and are not in the file."""

    count: Count
    """How many since the line of this kind before."""


class TraceEnd(Record, kw_only=True, tag="end", tag_field="type"):
    """Last line; a trace without it was cut off, and is whole up to where it ends."""

    events: Count
    """Events in the file."""
    dropped: Count
    """Events that found no room, in all."""
    error_ns: float | None = None
    """What the clock's mapping can't tell apart, seen from the end; null where nothing was mapped."""


TraceLine = TraceHeader | TraceStrings | TraceDrops | TraceEnd
"""Any line but an event's."""

_DECODER = msgspec.json.Decoder(TraceLine)


def decode_line(line: bytes) -> TraceLine:
    """The line of an object; raises msgspec's errors where it is none of them."""
    decoded: TraceLine = _DECODER.decode(line)
    return decoded


def encode_line(line: TraceLine) -> bytes:
    """One line, with its end."""
    return msgspec.json.encode(line) + b"\n"


def trace_schema() -> dict[str, Any]:
    """JSON Schema of one line of a trace."""
    made = [schema_of(kind) for kind in (TraceHeader, TraceStrings, TraceDrops, TraceEnd)]
    event = {
        "description": "An event: a whole number or null for each column of the header, in its order.",
        "type": "array",
        "minItems": 1,
        "maxItems": 64,
        "items": {"type": ["integer", "null"]},
    }
    definitions = {name: rules for one in made for name, rules in one["$defs"].items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:assay:schema:trace.file:{TRACE_VERSION}",
        "title": "One line of an Assay trace",
        "$comment": "History: " + " ".join(f"{version}: {text}" for version, text in HISTORY),
        "oneOf": [*({"$ref": one["$ref"]} for one in made), {"$ref": "#/$defs/TraceEvent"}],
        "$defs": dict(sorted({**definitions, "TraceEvent": event}.items())),
    }
