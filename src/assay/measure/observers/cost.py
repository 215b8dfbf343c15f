"""What observing cost: processor time of Assay, its threads and the tools it started, while the target ran."""

from __future__ import annotations

import contextlib
import resource
import time
from pathlib import Path

from assay.observe.collector import Ended
from assay.record.base import Record

COST_FILE = "raw/launcher/cost.json"


class Cost(Record, kw_only=True):
    """Processor time that was spent on one target beside its own."""

    own_s: float
    """Assay itself, from the moment the gate opened until every observer had finished."""
    tools_s: float | None
    """Processes that Assay started, the keeper and tools of collectors, from the same moment; null where the target's
    own time is not known, which the kernel adds to theirs."""
    observed_s: float
    """Wall time of the target."""


class Meter:
    """Begins when it is made, and is told when the target begins."""

    def __init__(self) -> None:
        self._children_s = _children_s()
        self._living: dict[int, float] = {}
        self._own_s = time.process_time()

    def begin(self) -> None:
        """The gate opens: what came before is the price of starting, not of observing."""
        self._own_s = time.process_time()
        self._living = _living_children()

    def read(self, ended: Ended) -> Cost:
        """The cost so far; call it once all children were waited for."""
        tools_s = None
        if ended.usage is not None:
            target_s = ended.usage.ru_utime + ended.usage.ru_stime
            # what a child had used before counts once it has ended: its parent is then charged for all of it
            earlier_s = sum(spent_s for pid, spent_s in self._living.items() if not Path(f"/proc/{pid}").exists())
            tools_s = max(0.0, _children_s() - self._children_s - earlier_s - target_s)
        return Cost(
            own_s=time.process_time() - self._own_s,
            tools_s=tools_s,
            observed_s=(ended.end_ns - ended.start_ns) / 1e9,
        )


def _living_children() -> dict[int, float]:
    """Processor time so far of each child that still runs, in seconds."""
    spent_s = {}
    for thread in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError, ValueError):
            for child in (thread / "children").read_text().split():
                spent_s[int(child)] = int(Path(f"/proc/{child}/schedstat").read_text().split()[0]) / 1e9
    return spent_s


def _children_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
