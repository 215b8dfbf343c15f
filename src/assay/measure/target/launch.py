"""One child process in a group of its own: held, released, signalled and waited for by us alone."""

from __future__ import annotations

import os
import resource
import select
import signal
import time
from collections.abc import Sequence

from assay.errors import PlanError
from assay.measure.streams.routes import Route, open_routes
from assay.measure.target.command import Command
from assay.measure.target.reach import below, signal_tree
from assay.measure.target.start import Held
from assay.observe.collector import Ended

_OWN_END_S = 0.25
"""Time that helpers of a target have to end by themselves once it has."""
_AFTER_TERM_S = 1.0
_AFTER_KILL_S = 1.5


class Child:
    """The launched target; leaving the ``with`` block before its end leaves nothing of its tree running."""

    def __init__(self, command: Command) -> None:
        self.routes: tuple[Route, ...] = tuple(open_routes(command.streams, command.terminals))
        """The ways of its output through us."""
        try:
            self._held = Held(command, {stream: route.theirs for route in self.routes for stream in route.streams})
        except PlanError:
            self._close_pipes()
            raise
        finally:
            for route in self.routes:
                os.close(route.theirs)
        self.started = self._held.started
        self.news = self._held.reply
        self.start_ns = 0
        self._ended: Ended | None = None
        self._gone = False
        self.stop_signal: int | None = None
        """What stopped the target, as long as it is stopped."""
        self._leave_running = command.leave_running

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        if self._ended is None:
            self._kill_tree()
            self.wait()
        self._let_keeper_go()
        self._close_pipes()
        self._held.close()

    @property
    def keeper_pid(self) -> int:
        """The process that waits for the target and adopts its orphans."""
        return self._held.keeper.pid

    def release(self) -> None:
        """Let the target become its program, and note when it did."""
        self.start_ns = self._held.release() or time.perf_counter_ns()

    def pipes(self) -> list[int]:
        """Our ends of the ways of the target's output."""
        return [route.ours for route in self.routes]

    def hear(self) -> bool:
        """Take what the keeper said, waiting if it said nothing; True once the target has ended."""
        events = self._held.events()
        if events is None:
            self._gone = True
            if self._ended is None:
                self.stop(signal.SIGKILL)
                self._ended = _unknown_end(self.start_ns)
        for event in events or ():
            self.stop_signal = int(event[1]) if event[0] == "stopped" else None
            if event[0] == "ended":
                self._ended = _ended(self.start_ns, event[1:])
        return self._ended is not None

    def stop(self, number: int) -> bool:
        """Send a signal to the target and to whatever it started, in its group or not."""
        signal_tree(self.keeper_pid, self.started.pid, number)
        if number != signal.SIGKILL:
            signal_tree(self.keeper_pid, self.started.pid, signal.SIGCONT)  # who is suspended heeds nothing else
        return False

    def wait(self) -> Ended:
        """The target's end; unknown where it does not come although it was killed."""
        give_up_s = time.monotonic() + _AFTER_KILL_S
        while self._ended is None and time.monotonic() < give_up_s:
            self._hear_within(give_up_s - time.monotonic())
        return self._ended or _unknown_end(self.start_ns)

    def end_the_rest(self) -> int:
        """End what outlived the target, unless it is to go on; how many processes that were."""
        if self._tree_is_gone(_OWN_END_S):
            return 0
        count = sum(1 for _ in below(self.keeper_pid))
        if not self._leave_running:
            self.stop(signal.SIGTERM)
            if not self._tree_is_gone(_AFTER_TERM_S):
                self._kill_tree()
        return count

    def _kill_tree(self) -> None:
        """Kill until nothing is left: what forks faster than it is found is found again."""
        give_up_s = time.monotonic() + _AFTER_KILL_S
        while not self._gone and time.monotonic() < give_up_s:
            self.stop(signal.SIGKILL)
            self._tree_is_gone(0.02)

    def _tree_is_gone(self, patience_s: float) -> bool:
        """Whether the keeper is through with waiting, or is so before patience ends."""
        give_up_s = time.monotonic() + patience_s
        while not self._gone and (left_s := give_up_s - time.monotonic()) > 0:
            self._hear_within(left_s)
        return self._gone

    def _hear_within(self, patience_s: float) -> None:
        poll = select.poll()
        poll.register(self.news, select.POLLIN)
        if poll.poll(max(0.0, patience_s) * 1e3):
            self.hear()

    def _let_keeper_go(self) -> None:
        """Forget the keeper; what it still waits for goes on without us."""
        if self._gone:
            self._held.keeper.wait()
        else:
            self._held.keeper.returncode = 0

    def _close_pipes(self) -> None:
        for pipe in self.pipes():
            os.close(pipe)


def _ended(start_ns: int, words: Sequence[str]) -> Ended:
    end_ns, wait_status, user_s, system_s, *counts = words
    return Ended(
        start_ns=start_ns,
        end_ns=int(end_ns),
        wait_status=int(wait_status),
        usage=resource.struct_rusage([float(user_s), float(system_s), *map(int, counts)]),
    )


def _unknown_end(start_ns: int) -> Ended:
    """An end that nobody could wait for: the target ended its keeper, or can't be ended."""
    return Ended(start_ns=start_ns, end_ns=time.perf_counter_ns(), wait_status=None, usage=None)
