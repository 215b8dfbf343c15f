"""What every reader gives: one trace, its events a batch at a time, and what there is to say about the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from assay.errors import RecordError
from assay.record.trace.lines import TraceHeader

BATCH_ROWS = 1 << 17
"""Most events that are handed on at once: memory is bounded by it, not by the file."""

DAMAGE_REMEDY = "write the trace again, or restore the file"


@dataclass(kw_only=True)
class Ending:
    """What is known once all events were read."""

    complete: bool = True
    """Whether the writer finished; a trace that was cut off is whole up to there."""
    dropped: int = 0
    """Events that found no room when they were recorded."""
    remarks: list[str] = field(default_factory=list)
    """What a reader must know about the file, a sentence each."""


@dataclass(frozen=True, kw_only=True)
class Trace:
    """An opened trace."""

    header: TraceHeader
    """What holds for all events."""
    reader: str
    """Name of the plug-in that reads it."""
    events: Callable[[], Iterator[pa.RecordBatch]]
    """All events, in the schema ``TRACE``; may be called again."""
    ending: Ending = field(default_factory=Ending)
    """Filled while events are read."""


def damaged(where: str, what: str) -> RecordError:
    """The error of a file that is not what it claims to be."""
    return RecordError(what, where=where, remedy=DAMAGE_REMEDY)
