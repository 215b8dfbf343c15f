"""Anchors: one reading of the monotonic clock and of the calendar at the same moment, with the error of "same"."""

from __future__ import annotations

import time

from assay.record.base import Record
from assay.record.run import Clock

_ATTEMPTS = 5


class Anchor(Record, kw_only=True):
    """One moment on both clocks."""

    monotonic_ns: int
    """``CLOCK_MONOTONIC``, halfway between two readings."""
    utc_ns: int
    """Nanoseconds since 1970, read between them."""
    error_ns: int
    """Half the time between the two readings, rounded up."""


def take_anchor() -> Anchor:
    """The tightest of a few readings."""
    return min((_read() for _ in range(_ATTEMPTS)), key=lambda anchor: anchor.error_ns)


def clock_between(start: Anchor, end: Anchor) -> Clock:
    """The run's time base from the anchors at its two ends."""
    return Clock(
        source="CLOCK_MONOTONIC",
        start_ns=start.monotonic_ns,
        end_ns=end.monotonic_ns,
        start_utc_ns=start.utc_ns,
        end_utc_ns=end.utc_ns,
        anchor_error_ns=max(start.error_ns, end.error_ns),
    )


def _read() -> Anchor:
    before = time.perf_counter_ns()
    utc_ns = time.time_ns()
    after = time.perf_counter_ns()
    return Anchor(monotonic_ns=(before + after) // 2, utc_ns=utc_ns, error_ns=(after - before + 1) // 2)
