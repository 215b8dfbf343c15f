"""Readings of one channel, kept in order of time, and the faults between them."""

from __future__ import annotations

from array import array
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from assay.observe.energy.meter import Answer, Fault

Floats = NDArray[np.float64]


class Series:
    """What one channel told. One thread appends, another may read what has been appended."""

    def __init__(self) -> None:
        self._before_ns = array("q")
        self._after_ns = array("q")
        self._values = array("d")
        self._faults: Counter[str] = Counter()
        self.last_fault_ns: int | None = None

    def __len__(self) -> int:
        return len(self._values)

    def keep(self, answer: Answer) -> None:
        """Take what a reader gave."""
        if isinstance(answer.value, Fault):
            self._faults[answer.value.reason] += 1
            self.last_fault_ns = answer.before_ns
            return
        self._before_ns.append(answer.before_ns)
        self._after_ns.append(answer.after_ns)
        self._values.append(answer.value)

    def why(self) -> str:
        """The reason that was given most often for giving no number; empty where none was."""
        return self._faults.most_common(1)[0][0] if self._faults else ""

    @property
    def faults(self) -> int:
        """How often no number was given."""
        return self._faults.total()

    def arrays(self) -> tuple[Floats, Floats, Floats]:
        """Times in seconds, how far each may be wrong, and the numbers."""
        count = len(self._values)
        before = np.frombuffer(self._before_ns[:count], dtype=np.int64)
        after = np.frombuffer(self._after_ns[:count], dtype=np.int64)
        values = np.frombuffer(self._values[:count], dtype=np.float64)
        return (before + (after - before) // 2) / 1e9, (after - before) / 2e9, values.copy()

    def within(self, start_ns: int, end_ns: int) -> tuple[Floats, Floats]:
        """Times in seconds and numbers of the readings between two moments."""
        at_s, _, values = self.arrays()
        inside = (at_s >= start_ns / 1e9) & (at_s <= end_ns / 1e9)
        return at_s[inside], values[inside]
