"""Requests to stop (Ctrl-C, TERM, HUP) as events of the watching loop, so that none is lost or cuts a write in two."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption(KeyboardInterrupt):
    """The user, or the system, asked Assay to stop."""


class StopRequests:
    """While inside ``with``, signals are counted instead of raised; one that nobody heeded is raised at the end.

    Outside the main thread, where Python delivers no signals, it counts nothing.
    """

    def __init__(self) -> None:
        self.count = 0
        self.heeded = 0
        self.descriptor = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._before: dict[int, object] = {}

    def __enter__(self) -> StopRequests:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._note) for number in _SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        os.close(self.descriptor)
        if kind is None and self.count > self.heeded:
            raise Interruption

    def take(self) -> int:
        """How many requests have come in all; every one of them counts as heeded."""
        self.heeded = self.count
        return self.count

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        os.eventfd_write(self.descriptor, 1)
