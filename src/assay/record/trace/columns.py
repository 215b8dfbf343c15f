"""Columns of a trace's events: those of a timed span, and what only an inference has.

A trace is the same kind of record as the spans of a run, so that whatever reads one reads the other. A new column
raises the minor number of the version, any other change the major.
"""

from __future__ import annotations

import pyarrow as pa

from assay.record.arrow import NAMES, SPANS
from assay.record.trace.lines import TRACE_VERSION

TRACE_KIND = "trace"


def _column(name: str, kind: pa.DataType, meaning: str) -> pa.Field:
    return pa.field(name, kind, metadata={"meaning": meaning})


TRACE = pa.schema(
    [
        *SPANS,
        _column("invocation", pa.int32(), "Request that the work was for, counted from 0; null where it was for none."),
        _column("sequence", pa.int32(), "Sequence of the request's batch, counted from 0; null where there is one."),
        _column("tokens", pa.int32(), "Tokens that were worked on at once; null where not counted."),
        _column("kv_bytes", pa.int64(), "Keys and values held for this layer when it ended; null where not counted."),
        _column("origin", NAMES, "Origin of wall_ns where it differs from the header's; null elsewhere."),
    ],
    metadata={"assay.kind": TRACE_KIND, "assay.schema_version": TRACE_VERSION},
)
"""One row per event. ``step`` is a step of ``TraceStep`` or ``Request``; ``op`` is a sub-step, null for whole steps."""

NAME_COLUMNS = tuple(field.name for field in TRACE if pa.types.is_dictionary(field.type))
"""Columns of names, which the text form writes as places in its table of strings."""

NON_NEGATIVE = ("layer", "token", "depth", "wall_ns", "flops", "read_bytes", "written_bytes", "invocation", "sequence")
"""Columns of numbers that are never below zero."""

SELF_NS = "self_ns"
"""A column more, of events that hold others of their own track: their wall time without those, so that sums count no
time twice."""
