"""Assay's own traces, and the spans of its runs, as Parquet."""

from __future__ import annotations

import functools
from pathlib import Path

from assay.trace.format.table import read_table_events, read_table_header
from assay.trace.reading import Reader
from assay.trace.source import Ending, Trace


def recognises(head: bytes) -> bool:
    """Whether it is Parquet at all: which columns there are stands at its end."""
    return head.startswith(b"PAR1")


def open_table(path: Path) -> Trace:
    """The trace."""
    header, ending = read_table_header(path), Ending()
    events = functools.partial(read_table_events, path, ending)
    return Trace(header=header, reader="assay_parquet", events=events, ending=ending)


PLUGIN = Reader(name="assay_parquet", title="Assay's trace (Parquet)", recognises=recognises, open=open_table)
