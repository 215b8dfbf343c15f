"""The journal of a draft: everything it was told, one flushed line each, so that a kill loses nothing told."""

from __future__ import annotations

import os
import threading
import time
from datetime import datetime
from pathlib import Path

import msgspec

from assay.errors import RecordError
from assay.record.base import Count, Instant, Name, Record, RelativePath, Text, Ulid
from assay.record.enums import Status
from assay.record.environment import Environment
from assay.record.plan import Outcome, Plan, Position, Software
from assay.record.rows import Device, EnergyWindow, Metric, OpRow, QualityFlag, StepRow
from assay.record.run import Clock, Expectation
from assay.store.durable import write_all
from assay.store.layout import FILE_MODE


class Anchor(Record, kw_only=True):
    """One moment on both clocks."""

    monotonic_ns: Instant
    """``CLOCK_MONOTONIC``."""
    utc_ns: Instant
    """Nanoseconds since 1970."""
    error_ns: Count
    """How far apart the two may have been read."""


def anchor_now() -> Anchor:
    """The present moment: the tightest of three readings."""
    readings = [(time.perf_counter_ns(), time.time_ns(), time.perf_counter_ns()) for _ in range(3)]
    before, utc, after = min(readings, key=lambda reading: reading[2] - reading[0])
    return Anchor(monotonic_ns=(before + after) // 2, utc_ns=utc, error_ns=(after - before + 1) // 2)


class Begun(Record, kw_only=True, tag="begun", tag_field="entry"):
    """What was known when the draft was made."""

    id: Ulid
    created: datetime
    plan: Plan
    environment: Environment
    software: Software
    position: Position
    at: Anchor


class Added(Record, kw_only=True, tag="added", tag_field="entry"):
    """Rows of the record."""

    at_ns: Instant
    devices: tuple[Device, ...] = ()
    ops: tuple[OpRow, ...] = ()
    steps: tuple[StepRow, ...] = ()
    metrics: tuple[Metric, ...] = ()
    energy: tuple[EnergyWindow, ...] = ()
    quality: tuple[QualityFlag, ...] = ()
    expectations: tuple[Expectation, ...] = ()


class Announced(Record, kw_only=True, tag="announced", tag_field="entry"):
    """A file that a collector is about to write."""

    file: RelativePath
    collector: Name
    media_type: Name


class Finished(Record, kw_only=True, tag="finished", tag_field="entry"):
    """How the run ended."""

    at: Anchor
    status: Status
    outcome: Outcome
    clock: Clock | None
    reason: Text


class Abandoned(Record, kw_only=True, tag="abandoned", tag_field="entry"):
    """Why the draft's owner gave up."""

    at: Anchor
    reason: Text


Entry = Begun | Added | Announced | Finished | Abandoned
_DECODER: msgspec.json.Decoder[Entry] = msgspec.json.Decoder(Entry)


class Journal:
    """Appends entries; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        self._descriptor = os.open(path, flags, FILE_MODE)

    def append(self, entry: Entry) -> None:
        """Write one entry; what could not be read back is refused here, where its author is."""
        line = msgspec.json.encode(entry)
        try:
            _DECODER.decode(line)
        except msgspec.MsgspecError as error:
            raise RecordError(str(error), where=str(self._path), remedy="correct what is added to the draft") from error
        with self._mutex:
            self._append_line(line + b"\n")

    def close(self) -> None:
        """Stop writing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _append_line(self, line: bytes) -> None:
        end = os.fstat(self._descriptor).st_size
        try:
            write_all(self._descriptor, line)
        except OSError:
            # Half a line would swallow the next one.
            os.ftruncate(self._descriptor, end)
            raise


def read_journal(data: bytes) -> list[Entry]:
    """Every whole entry; the line that was being written at a kill is left out."""
    entries: list[Entry] = []
    for line in data.splitlines():
        try:
            entries.append(_DECODER.decode(line))
        except msgspec.MsgspecError:
            continue
    return entries
