"""speedscope: each thread's steps over time, opened and closed in legal order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from assay import __version__
from assay.record.words.escape import plain
from assay.report.speedscope import SCHEMA
from assay.report.tracing.export import Nested, TraceExport, label, walk
from assay.trace.foreign.events import Foreign


def render(nested: Nested) -> Iterator[bytes]:
    """Profiles of the kind ``evented``, one a thread, in nanoseconds since the first event."""
    frames: dict[str, int] = {}
    profiles = [_profile(thread, events, frames, nested.first_ns) for thread, events in nested.tracks.items()]
    document = {
        "$schema": SCHEMA,
        "exporter": f"assay {__version__}",
        "name": plain(nested.header.model or nested.header.backend.value),
        "activeProfileIndex": 0,
        "shared": {"frames": [{"name": name} for name in frames]},
        "profiles": profiles,
    }
    yield json.dumps(document, separators=(",", ":")).encode() + b"\n"


def _profile(thread: int, events: list[Foreign], frames: dict[str, int], first_ns: int) -> dict[str, Any]:
    edges = [
        {
            "type": "O" if begins else "C",
            "frame": frames.setdefault(plain(label(event)), len(frames)),
            "at": (event.start_ns if begins else event.end_ns) - first_ns,
        }
        for begins, event in walk(events)
    ]
    return {
        "type": "evented",
        "name": f"thread {thread}",
        "unit": "nanoseconds",
        "startValue": edges[0]["at"],
        "endValue": edges[-1]["at"],
        "events": edges,
    }


PLUGIN = TraceExport(
    name="speedscope", suffixes=(".speedscope.json",), reader="https://www.speedscope.app", render=render
)
