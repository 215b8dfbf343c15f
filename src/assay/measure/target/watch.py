"""The loop around a running target: its output, its end, the observers' looks, its limits, requests to stop.

One thread does it all, so that nothing is shared and the end is seen within microseconds.
"""

from __future__ import annotations

import os
import select
import time
from typing import Protocol

from msgspec import Struct

from assay.measure.streams.pump import Pump
from assay.measure.target.ladder import Cause, Ladder, Limits
from assay.measure.target.stop import StopRequests
from assay.measure.target.terminal import JOB_STOPS, Loan
from assay.observe.collector import Ended

_TOGETHER_NS = 10_000_000
"""Looks that would be due so soon, and within a quarter of their interval, come with those that are due: a wake-up
costs as much as a look."""
_GRACE_FOR_OUTPUT_S = 0.5
"""How long output of processes that outlived the target is waited for."""


class Target(Protocol):
    """What is watched: a process of ours, or one that was there before."""

    start_ns: int
    news: int
    """Descriptor that can be read once there is something to hear."""
    stop_signal: int | None
    """What stopped the target, as long as it is stopped."""

    def hear(self) -> bool:
        """Take what there is to hear; True once the target has ended."""

    def stop(self, number: int) -> bool:
        """Ask the whole tree to end, by a signal; True where it is not ours to end, so that the watch is over."""

    def wait(self) -> Ended:
        """The target's end, for which it waits a short while at most where that was not heard of."""

    def end_the_rest(self) -> int:
        """End what outlived the target; how many processes that were."""


class Looks(Protocol):
    """Whoever looks at the running target."""

    def look(self, now_ns: int, /) -> int | None:
        """Look once; nanoseconds until it wants to look again, None for its interval."""


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
    """Watches one target until it has ended, or is not to be watched any longer."""

    def __init__(
        self, target: Target, pump: Pump, looks: list[Look], stop: StopRequests, loan: Loan | None = None
    ) -> None:
        self._target = target
        self._loan = loan
        self._pump = pump
        self._looks = looks
        self._stop = stop
        self._ladder = Ladder(Limits(), 0)
        self._over = False
        self._suspended_ns = 0

    def until_the_end(self, limits: Limits) -> Watched:
        """Pump, look and enforce until the target has ended; then collect the rest of its output."""
        self._ladder = Ladder(limits, self._target.start_ns)
        for look in self._looks:
            look.due_ns = time.perf_counter_ns()
        while not self._over:
            self._step()
        ended = self._target.wait()
        output_cut = self._drain()
        return Watched(
            ended=ended,
            cause=self._ladder.cause,
            output_cut=output_cut,
            outlived=self._target.end_the_rest(),
            suspended_ns=self._suspended_ns,
        )

    def _step(self) -> None:
        """One wait, and what it brought."""
        ready = self._wait(self._patience_s(), self._target.news, self._stop.descriptor)
        if self._target.news in ready and self._target.hear():
            self._over = True
            return
        if self._target.stop_signal in JOB_STOPS and self._ladder.cause is Cause.ENDED:
            self._follow()
        if self._stop.descriptor in ready:
            os.eventfd_read(self._stop.descriptor)
            self._send(self._ladder.ask(self._stop.take(), time.perf_counter_ns()))
        now_ns = time.perf_counter_ns()
        self._send(self._ladder.pass_time(now_ns))
        self._look(now_ns)

    def _wait(self, patience_s: float | None, *others: int) -> set[int]:
        """Wait for output, its readers, or another descriptor; output is moved, the others are returned."""
        poll = select.poll()
        pipes = self._pump.readable()
        for descriptor in (*others, *pipes):
            poll.register(descriptor, select.POLLIN)
        for reader in self._pump.waits_for_readers():
            poll.register(reader, select.POLLOUT)
        ready = {descriptor for descriptor, _ in poll.poll(None if patience_s is None else patience_s * 1e3)}
        for pipe in pipes:
            if pipe in ready:
                self._pump.move(pipe)
        self._pump.pass_on()
        return ready & set(others)

    def _patience_s(self) -> float | None:
        moments = [look.due_ns for look in self._looks]
        if self._ladder.due_ns is not None:
            moments.append(self._ladder.due_ns)
        return max(0.0, (min(moments) - time.perf_counter_ns()) / 1e9) if moments else None

    def _look(self, now_ns: int) -> None:
        if not any(now_ns >= look.due_ns for look in self._looks):
            return
        for look in self._looks:
            if now_ns >= look.due_ns - min(look.interval_ns // 4, _TOGETHER_NS):
                wait_ns = look.observer.look(now_ns) or look.interval_ns
                # a look that came late does not make the next ones come in a burst
                look.due_ns = max(look.due_ns + wait_ns, time.perf_counter_ns())

    def _send(self, number: int | None) -> None:
        if number is not None and (self._target.stop(number) or self._ladder.exhausted):
            self._over = True

    def _follow(self) -> None:
        """Stop as the target was stopped by its terminal; the limits do not run meanwhile."""
        self._target.stop_signal = None
        if self._loan is not None:
            before_ns = time.perf_counter_ns()
            self._loan.suspend()
            away_ns = time.perf_counter_ns() - before_ns
            self._suspended_ns += away_ns
            self._ladder.put_off(away_ns)

    def _drain(self) -> bool:
        """Read the pipes to their ends; True if someone else still held one open when patience was over."""
        give_up_ns = time.perf_counter_ns() + int(_GRACE_FOR_OUTPUT_S * 1e9)
        while self._pump.is_open and (left_ns := give_up_ns - time.perf_counter_ns()) > 0:
            self._wait(left_ns / 1e9)
        cut = self._pump.is_open
        while self._pump.waits_for_readers() and not self._stop.count:
            self._pump.pass_on(0.1)
        return cut
