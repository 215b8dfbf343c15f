"""Time in which nothing is launched, and how busy others kept the machine meanwhile."""

from __future__ import annotations

import os
import time
from pathlib import Path

from assay.observe.energy.baseline import Span
from assay.observe.energy.session import Meters

_TIMES = Path("/proc/stat")
_IDLE_FIELDS = (3, 4)
_STEAL_FIELD = 7


def idle_for(seconds: float, meters: Meters) -> Span | None:
    """Wait, and say from when to when; None where there is nothing to measure, or no time to do it in."""
    if seconds <= 0.0 or not meters.metered:
        return None
    start_ns, before = time.perf_counter_ns(), _clocks()
    meters.idle(seconds)
    end_ns, after = time.perf_counter_ns(), _clocks()
    return Span(start_ns, end_ns, _others(before, after))


def _clocks() -> tuple[list[int], float] | None:
    """Ticks of all processors, and our own processor time."""
    try:
        words = _TIMES.read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]
    except OSError:
        return None
    return [int(word) for word in words], time.process_time()


def _others(before: tuple[list[int], float] | None, after: tuple[list[int], float] | None) -> float | None:
    """Share of the processors that anybody else kept busy; what the hypervisor took is not counted as use."""
    if before is None or after is None:
        return None
    passed = [now - then for now, then in zip(after[0], before[0], strict=False)]
    whole = sum(passed)
    if len(passed) <= _STEAL_FIELD or whole <= 0:
        return None
    quiet = sum(passed[place] for place in (*_IDLE_FIELDS, _STEAL_FIELD))
    own_ticks = (after[1] - before[1]) * os.sysconf("SC_CLK_TCK")
    return max(0.0, (whole - quiet - own_ticks) / whole)
