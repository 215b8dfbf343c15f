"""How often to look: as often as is wanted, but never for more than a stated share of one processor."""

from __future__ import annotations

import time
from types import TracebackType

_EARLY_NS = 10_000_000


class Pace:
    """Times the looks of one sampler by what they cost.

    Use it as ``if pace.due(now_ns): with pace: …``. The cost is processor time of this thread, so that a busy machine
    does not make the looks rarer. It is paid from a credit that grows with time and is never more than at the start,
    which the first looks need: they open files and learn names.
    """

    def __init__(self, *, fastest_ns: int, slowest_ns: int, share: float, credit_ns: int = 10_000_000) -> None:
        self.fastest_ns = fastest_ns
        self._slowest_ns = slowest_ns
        self._share = share
        self._most_credit_ns = self._credit_ns = float(credit_ns)
        self._last_ns: int | None = None
        self._due_ns = 0
        self._now_ns = 0
        self._began_ns = 0

    def due(self, now_ns: int) -> bool:
        """Whether it is time to look; a little early counts, since wake-ups come in a grid."""
        self._now_ns = now_ns
        return now_ns >= self._due_ns - _EARLY_NS

    def left_ns(self, now_ns: int) -> int:
        """Time until it is due."""
        return max(0, self._due_ns - now_ns)

    def __enter__(self) -> Pace:
        self._began_ns = time.thread_time_ns()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.paid(time.thread_time_ns() - self._began_ns)

    def paid(self, spent_ns: int) -> None:
        """Note what a look cost, and when the next one may be."""
        earned_ns = 0.0 if self._last_ns is None else self._share * (self._now_ns - self._last_ns)
        self._last_ns = self._now_ns
        self._credit_ns = min(self._credit_ns + earned_ns, self._most_credit_ns) - spent_ns
        wait_ns = int(-self._credit_ns / self._share)
        self._due_ns = self._now_ns + min(max(wait_ns, self.fastest_ns), self._slowest_ns)
