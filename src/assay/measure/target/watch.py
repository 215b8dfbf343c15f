"""The loop around a running target: its output, its end, the observers' looks, the time limit, requests to stop.

One thread does it all, so that nothing is shared and the end is seen within microseconds.
"""

from __future__ import annotations

import os
import selectors
import signal
import time
from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from assay.measure.target.launch import Child
from assay.measure.target.output import CappedLog
from assay.measure.target.stop import StopRequests
from assay.measure.target.terminal import JOB_STOPS, Loan
from assay.observe.collector import Ended

_PIECE_BYTES = 1 << 16
_GRACE_FOR_OUTPUT_S = 0.5
"""How long output of processes that outlived the target is waited for."""


class Cause(StrEnum):
    """Why the watch was over."""

    ENDED = "ended"
    TIMED_OUT = "timed_out"
    INTERRUPTED = "interrupted"


LADDERS: dict[Cause, tuple[tuple[signal.Signals, float], ...]] = {
    Cause.TIMED_OUT: ((signal.SIGTERM, 2.0), (signal.SIGKILL, 1.0)),
    Cause.INTERRUPTED: ((signal.SIGINT, 2.0), (signal.SIGTERM, 1.0), (signal.SIGKILL, 1.0)),
}
"""Signals sent to the target's group, each with the seconds it is given before the next; the last is repeated."""


class Looks(Protocol):
    """Whoever looks at the running target."""

    def look(self, now_ns: int, /) -> None:
        """Look once."""


class Look(Struct, kw_only=True):
    """Someone who looks at the running target, and when that is due next."""

    observer: Looks
    interval_ns: int
    due_ns: int = 0


class Watched(Struct, frozen=True, kw_only=True):
    """What the watch saw."""

    ended: Ended
    cause: Cause
    output_cut: bool
    """Whether a process that outlived the target still held its output open."""
    outlived: int
    """Processes of the tree that outlived the target."""
    suspended_ns: int = 0
    """Time for which the terminal had stopped it, and Assay with it."""


class Watch:
    """Watches one child until it has ended."""

    def __init__(
        self,
        child: Child,
        logs: Sequence[CappedLog],
        looks: list[Look],
        stop: StopRequests,
        loan: Loan | None = None,
    ) -> None:
        self._child = child
        self._loan = loan
        self._suspended_ns = 0
        self._looks = looks
        self._stop = stop
        self._cause = Cause.ENDED
        self._rung = 0
        self._open = dict(zip(child.pipes(), logs, strict=True))
        self._deadline_ns: int | None = None

    def until_the_end(self, timeout_s: float | None) -> Watched:
        """Pump, look and enforce until the target has ended; then collect the rest of its output."""
        if timeout_s is not None:
            self._deadline_ns = self._child.start_ns + int(timeout_s * 1e9)
        with selectors.DefaultSelector() as selector:
            for descriptor in (self._child.news, self._stop.descriptor, *self._open):
                selector.register(descriptor, selectors.EVENT_READ)
            while not self._step(selector):
                pass
            ended = self._child.wait()
        return Watched(
            ended=ended,
            cause=self._cause,
            output_cut=self._drain(),
            outlived=self._child.end_the_rest(),
            suspended_ns=self._suspended_ns,
        )

    def _step(self, selector: selectors.BaseSelector) -> bool:
        """One wait and what it brought; True once the target has ended."""
        ready = {key.fd for key, _ in selector.select(self._patience_s())}
        if self._child.news in ready and self._child.hear():
            return True
        if self._child.stop_signal in JOB_STOPS and self._cause is Cause.ENDED:
            self._follow()
        for pipe in [pipe for pipe in self._open if pipe in ready]:
            if not self._pump(pipe):
                selector.unregister(pipe)
        if self._stop.descriptor in ready:
            self._heed()
        now_ns = time.perf_counter_ns()
        if self._deadline_ns is not None and now_ns >= self._deadline_ns:
            self._climb(Cause.TIMED_OUT if self._cause is Cause.ENDED else self._cause, now_ns)
        self._look(now_ns)
        return False

    def _follow(self) -> None:
        """Stop as the target was stopped by its terminal; the time limit does not run meanwhile."""
        self._child.stop_signal = None
        if self._loan is not None:
            before_ns = time.perf_counter_ns()
            self._loan.suspend()
            away_ns = time.perf_counter_ns() - before_ns
            self._suspended_ns += away_ns
            if self._deadline_ns is not None:
                self._deadline_ns += away_ns

    def _patience_s(self) -> float | None:
        moments = [look.due_ns for look in self._looks]
        if self._deadline_ns is not None:
            moments.append(self._deadline_ns)
        return max(0.0, (min(moments) - time.perf_counter_ns()) / 1e9) if moments else None

    def _look(self, now_ns: int) -> None:
        for look in self._looks:
            if now_ns >= look.due_ns:
                look.observer.look(now_ns)
                # a look that came late does not make the next ones come in a burst
                look.due_ns = max(look.due_ns + look.interval_ns, time.perf_counter_ns())

    def _heed(self) -> None:
        os.eventfd_read(self._stop.descriptor)
        if self._stop.take() > 1:
            self._rung = len(LADDERS[Cause.INTERRUPTED]) - 1  # asked twice: no more patience
        self._climb(Cause.INTERRUPTED, time.perf_counter_ns())

    def _climb(self, cause: Cause, now_ns: int) -> None:
        """Send the next signal of the ladder, and set the time for the one after it."""
        ladder = LADDERS[cause]
        number, grace_s = ladder[min(self._rung, len(ladder) - 1)]
        self._cause, self._rung = cause, self._rung + 1
        self._child.signal_tree(number)
        self._deadline_ns = now_ns + int(grace_s * 1e9)

    def _pump_ready(self, selector: selectors.BaseSelector, patience_s: float) -> None:
        ready = {key.fd for key, _ in selector.select(patience_s)}
        for pipe in [pipe for pipe in self._open if pipe in ready]:
            if not self._pump(pipe):
                selector.unregister(pipe)

    def _pump(self, pipe: int) -> bool:
        """Move what is there; False once the pipe has ended."""
        piece = os.read(pipe, _PIECE_BYTES)
        if piece:
            self._open[pipe].write(piece)
            return True
        del self._open[pipe]
        return False

    def _drain(self) -> bool:
        """Read the pipes to their ends; True if someone else still held one open when patience was over."""
        give_up_ns = time.perf_counter_ns() + int(_GRACE_FOR_OUTPUT_S * 1e9)
        with selectors.DefaultSelector() as selector:
            for pipe in self._open:
                selector.register(pipe, selectors.EVENT_READ)
            while self._open and (left_ns := give_up_ns - time.perf_counter_ns()) > 0:
                self._pump_ready(selector, left_ns / 1e9)
        return bool(self._open)
