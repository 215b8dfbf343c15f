"""Chrome's trace events, for Perfetto: what each thread executed and waited for, over time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from assay.record.diagnosis.findings import Clock
from assay.record.diagnosis.words import CLOCK_WORDS
from assay.record.words.escape import plain
from assay.report.export import Export, Material
from assay.report.profile import Stacks, ThreadLine, Timeline, Track

_WAITS = 1_000_000
"""Tracks of waits have process numbers from here on, so that they are no real process."""


def render(material: Material) -> bytes:
    """Complete events (``X``) whose times are whole microseconds: a callee lies within its caller, always."""
    profile = material.stacks()
    events = [event for track in profile.tracks for event in _track(track, profile.stacks)]
    if profile.timeline is not None:
        events += _waits(profile.timeline)
    document = {"displayTimeUnit": "ms", "traceEvents": events}
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"


def _track(track: Track, stacks: Stacks) -> Iterator[dict[str, Any]]:
    yield _named("process_name", track.pid, track.tid, track.program)
    yield _named("thread_name", track.pid, track.tid, f"thread {track.tid}")
    open_: list[tuple[int, int]] = []
    now_us = 0
    for begin_s, end_s, row in zip(track.start_s.tolist(), track.end_s.tolist(), track.row.tolist(), strict=True):
        begin_us, path = max(now_us, round(begin_s * 1e6)), stacks.path(row)
        kept = 0 if begin_us > now_us else _shared([one for one, _ in open_], path)
        yield from (_slice(track, stacks, one, since, now_us) for one, since in reversed(open_[kept:]))
        open_ = open_[:kept] + [(one, begin_us) for one in path[kept:]]
        now_us = max(begin_us, round(end_s * 1e6))
    yield from (_slice(track, stacks, one, since, now_us) for one, since in reversed(open_))


def _shared(before: list[int], after: list[int]) -> int:
    """Outermost frames that both stacks have."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))))


def _slice(track: Track, stacks: Stacks, row: int, since_us: int, end_us: int) -> dict[str, Any]:
    event = {"name": plain(stacks.function[row]), "ph": "X", "ts": since_us, "dur": end_us - since_us}
    event |= {"pid": track.pid, "tid": track.tid, "cat": "stack"}
    if stacks.file[row]:
        event["args"] = {"file": plain(stacks.file[row]), "line": stacks.line[row]}
    return event


def _waits(timeline: Timeline) -> Iterator[dict[str, Any]]:
    yield _named("process_name", _WAITS, 0, "what each thread mostly did")
    for number, thread in enumerate(timeline.threads):
        yield _named("thread_name", _WAITS, number, thread.name)
        length_us = timeline.wall_s * 1e6 / timeline.stretches
        for clock, first, last in _stretches(thread, timeline.stretches):
            start_us = round(first * length_us)
            event = {"name": CLOCK_WORDS[clock], "ph": "X", "ts": start_us, "dur": round(last * length_us) - start_us}
            yield event | {"pid": _WAITS, "tid": number, "cat": "clock"}


def _stretches(thread: ThreadLine, count: int) -> Iterator[tuple[Clock, int, int]]:
    """The clock that ran most, with the first stretch and the one behind the last in which it did."""
    since, current = 0, None
    for number in range(count + 1):
        most = max(thread.shares, key=lambda clock: thread.shares[clock][number]) if number < count else None
        if most is not None and not thread.shares[most][number]:
            most = None
        if most is not current or number == count:
            if current is not None:
                yield current, since, number
            since, current = number, most


def _named(what: str, pid: int, tid: int, name: str) -> dict[str, Any]:
    return {"name": what, "ph": "M", "pid": pid, "tid": tid, "args": {"name": plain(name)}}


PLUGIN = Export(
    name="perfetto",
    suffixes=(".perfetto.json", ".trace.json"),
    reader="https://ui.perfetto.dev, chrome://tracing",
    render=render,
)
