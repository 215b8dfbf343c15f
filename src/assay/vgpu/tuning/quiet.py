"""How much of the machine other programs use."""

from __future__ import annotations

import os
import time
from pathlib import Path

_STAT = Path("/proc/stat")
_IDLE = (3, 4)  # of the numbers in its first line: idle, and waiting for a disk
_LEAST_WINDOW_S = 0.3  # the kernel counts in hundredths of a second


class Others:
    """The share of the processors that went to other programs, from one question to the next."""

    def __init__(self) -> None:
        self._before = _reading()
        self._share: float | None = None

    def share(self) -> float | None:
        """From 0 to 1 since it was asked last, or the last answer, if that is too short a time; None: not known."""
        now = _reading()
        if now is None or self._before is None:
            return None
        wall_s, busy_s, own_s = (after - before for after, before in zip(now, self._before, strict=True))
        if wall_s >= _LEAST_WINDOW_S or self._share is None:
            self._share = min(1.0, max(0.0, busy_s - own_s) / (wall_s * (os.cpu_count() or 1)))
            self._before = now
        return self._share


def _reading() -> tuple[float, float, float] | None:
    """Seconds of wall time, of work on all processors, and of this process's."""
    try:
        numbers = [int(number) for number in _STAT.read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
    except (OSError, ValueError):
        return None
    busy = sum(number for index, number in enumerate(numbers) if index not in _IDLE)
    return time.monotonic(), busy / os.sysconf("SC_CLK_TCK"), time.process_time()
