"""When a target is asked to end, why, and how firmly: one signal after another, each with its grace."""

from __future__ import annotations

import signal
from enum import StrEnum

from assay.record.base import Record

LADDER: tuple[tuple[signal.Signals, float], ...] = (
    (signal.SIGINT, 1.5),
    (signal.SIGTERM, 1.5),
    (signal.SIGKILL, 1.0),
)
"""Signals, each with the seconds it is given before the next; the last is repeated."""
_MOST_KILLS = 3
"""What has not ended by then can't be: it belongs to another user, or hangs in the kernel."""


class Cause(StrEnum):
    """Why the watch was over."""

    ENDED = "ended"
    TIMED_OUT = "timed_out"
    INTERRUPTED = "interrupted"
    OBSERVED = "observed"
    """The time for which it was to be observed was over."""


class Limits(Record, kw_only=True):
    """How long a target may take."""

    timeout_s: float | None = None
    """After this it has failed."""
    duration_s: float | None = None
    """After this enough was seen."""
    warmup_s: float = 0.0
    """What comes before this is marked, and no part of what is analysed."""


class Ladder:
    """The way down for one target."""

    def __init__(self, limits: Limits, start_ns: int) -> None:
        moments = [(limits.timeout_s, Cause.TIMED_OUT), (limits.duration_s, Cause.OBSERVED)]
        known = [(start_ns + int(after_s * 1e9), cause) for after_s, cause in moments if after_s is not None]
        first = min(known, default=None)
        self.due_ns = None if first is None else first[0]
        """When the next step is due; null where nothing is."""
        self._at_limit = Cause.ENDED if first is None else first[1]
        self._rung = 0
        self.cause = Cause.ENDED

    @property
    def exhausted(self) -> bool:
        """Whether nothing more can be tried."""
        return self._rung >= len(LADDER) + _MOST_KILLS

    def pass_time(self, now_ns: int) -> signal.Signals | None:
        """The signal that is due now, if any."""
        if self.due_ns is None or now_ns < self.due_ns:
            return None
        return self._step(self._at_limit if self.cause is Cause.ENDED else self.cause, now_ns)

    def ask(self, times: int, now_ns: int) -> signal.Signals:
        """The signal for a request to stop; who asks twice has no more patience."""
        if times > 1:
            self._rung = max(self._rung, len(LADDER) - 1)
        return self._step(Cause.INTERRUPTED, now_ns)

    def put_off(self, time_ns: int) -> None:
        """Let time pass uncounted, in which the target could not run."""
        if self.due_ns is not None:
            self.due_ns += time_ns

    def _step(self, cause: Cause, now_ns: int) -> signal.Signals:
        number, grace_s = LADDER[min(self._rung, len(LADDER) - 1)]
        self.cause, self._rung = cause, self._rung + 1
        self.due_ns = now_ns + int(grace_s * 1e9)
        return number
