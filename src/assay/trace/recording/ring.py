"""Where a stamp goes at once: a ring of the calling thread in the native core, or a list where that is missing."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.signedinteger[Any]]

NONE = -1
"""What stands in a stamp where there is no number."""

FIELDS = (
    "start_ns",
    "end_ns",
    "cpu_ns",
    "thread",
    "step",
    "phase",
    "op",
    "device",
    "layer",
    "token",
    "invocation",
    "sequence",
    "tokens",
    "flops",
    "read_bytes",
    "written_bytes",
    "kv_bytes",
)
"""What a drained stamp holds, in this order; names as places in the ring's own table."""


class Stamps:
    """Stamps that were drained together."""

    def __init__(self, dropped: int, names: Sequence[str], columns: dict[str, Numbers]) -> None:
        self.dropped = dropped
        """Stamps lost since the recording began."""
        self.names = names
        """The table that names are places in."""
        self.columns = columns
        """One array for each of ``FIELDS``."""

    def __len__(self) -> int:
        """How many."""
        return len(self.columns["start_ns"])


class PythonRing:
    """A list under the interpreter's lock; nothing is dropped, but a stamp takes microseconds."""

    source = "clock_gettime"

    def __init__(self) -> None:
        self._rows: list[tuple[int, ...]] = []
        self._names: dict[str, int] = {}
        self._lock = threading.Lock()

    def now(self) -> int:
        """An instant, in nanoseconds."""
        return time.perf_counter_ns()

    def name(self, text: str) -> int:
        """The place of a name."""
        with self._lock:
            return self._names.setdefault(text, len(self._names))

    def keep(self, *stamp: int) -> None:
        """Keep a stamp."""
        start, end, cpu, *rest = stamp
        self._rows.append((start, end, cpu, threading.get_native_id(), *rest))

    def drain(self) -> Stamps:
        """Take what was kept."""
        with self._lock:
            names = tuple(self._names)
        rows, self._rows = self._rows, []
        table = np.array(rows, np.int64).reshape(len(rows), len(FIELDS))
        return Stamps(0, names, {name: table[:, i] for i, name in enumerate(FIELDS)})

    def error_ns(self) -> float | None:
        """Nothing is mapped."""
        return None

    def close(self) -> None:
        """Nothing is held."""


class Ring(Protocol):
    """What both kinds offer."""

    source: str
    """The clock that is read."""

    def now(self) -> int:
        """An instant, in the ring's own ticks."""

    def name(self, text: str) -> int:
        """The place of a name."""

    def keep(self, *stamp: int) -> None:
        """Keep a stamp: start and end in ticks, CPU time, then the fields from ``step`` on."""

    def drain(self) -> Stamps:
        """Take what was kept."""

    def error_ns(self) -> float | None:
        """What the mapping of ticks can't tell apart."""

    def close(self) -> None:
        """Keep nothing more."""
