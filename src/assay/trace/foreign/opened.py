"""A trace of another tool, once its events are put together."""

from __future__ import annotations

import functools
from pathlib import Path

from assay.errors import RecordError
from assay.record.trace.columns import TRACE
from assay.record.trace.lines import Provenance, TraceClock, TraceHeader
from assay.trace.foreign.events import Foreign, batches_of
from assay.trace.source import Ending, Trace


def opened(
    path: Path, reader: str, events: list[Foreign], by: str, *, remarks: tuple[str, ...] = (), **facts: object
) -> Trace:
    """The trace; ``by`` says what gave its times, ``facts`` are fields of the header."""
    if not events:
        remedy = "record at least one run of the model"
        raise RecordError("there is no event in it that can be told", where=str(path), remedy=remedy)
    provenance = tuple(Provenance(column=name, origin="measured", by=by) for name in ("start_ns", "wall_ns"))
    known = {"clock": TraceClock(name=by, source=by), "columns": tuple(TRACE.names), "provenance": provenance}
    header = TraceHeader(**{**known, **facts})  # type: ignore[arg-type]
    ending = Ending(remarks=list(remarks))
    return Trace(header=header, reader=reader, events=functools.partial(batches_of, events), ending=ending)
