"""Assay's own traces as lines of JSON."""

from __future__ import annotations

import functools
from pathlib import Path

from assay.trace.format.parsing import read_events, read_header
from assay.trace.reading import Reader
from assay.trace.source import Ending, Trace


def recognises(head: bytes) -> bool:
    """Whether the first line says so."""
    line = head.split(b"\n", 1)[0]
    return line.startswith(b"{") and b'"type":"header"' in line and b'"assay-trace"' in line


def open_text(path: Path) -> Trace:
    """The trace."""
    header, ending = read_header(path), Ending()
    events = functools.partial(read_events, path, header, ending)
    return Trace(header=header, reader="assay_text", events=events, ending=ending)


PLUGIN = Reader(name="assay_text", title="Assay's trace (JSON lines)", recognises=recognises, open=open_text)
