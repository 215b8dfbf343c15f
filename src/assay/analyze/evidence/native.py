"""Native functions on the processor, and the line of Python above them."""

from __future__ import annotations

import re

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from assay.analyze.evidence.lines import Samples
from assay.analyze.evidence.tables import Column, Table

_FARTHEST_NS = 40_000_000
"""A native sample belongs to the Python stack of its thread at that time, if one was seen within this distance."""
_KERNEL = "[kernel]"
_ENTRY = re.compile(r"(?:^|;)(?:asm_exc_\w+|entry_SYSCALL_\w+|el0t?_\w+);([^;]+)")
"""The kernel's ways in, on x86 and Arm, and what stands before them."""


class NativeSamples(Struct, frozen=True, kw_only=True):
    """Samples of the processor clock."""

    table: Table
    python: NDArray[np.int64]
    """For each, the number of the stack sample it belongs to; -1 where there is none."""

    def __len__(self) -> int:
        return len(self.table)

    def symbol(self, row: int) -> str:
        """The function that ran."""
        return self.table.text("symbol", row)

    def library(self, row: int) -> str:
        """The file that function lies in."""
        return self.table.text("library", row)

    def matching(self, column: str, pattern: str) -> NDArray[np.bool_]:
        """Which samples have a name in that column in which the regular expression finds something."""
        expression = re.compile(pattern)
        codes = [code for code, name in enumerate(self.table.names[column]) if expression.search(name)]
        return np.isin(self.table[column], codes)

    def running(self, pattern: str) -> NDArray[np.bool_]:
        """Which samples ran a function that matches, or were in the kernel because such a function went there."""
        expression = re.compile(pattern)
        callers = self.table.names["callers"]
        entered = [code for code, names in enumerate(callers) if expression.search(_entered_from(names))]
        return self.matching("symbol", pattern) | (self.in_kernel & np.isin(self.table["callers"], entered))

    @property
    def in_kernel(self) -> NDArray[np.bool_]:
        """Which of them were in the kernel."""
        return np.isin(self.table["library"], self.table.codes("library", (_KERNEL,)))


def _entered_from(callers: str) -> str:
    """The program's function that a page fault or a system call interrupted; empty where that was not seen."""
    found = _ENTRY.search(callers)
    return found[1] if found else ""


def native_samples(native: Table | None, samples: Samples | None) -> NativeSamples | None:
    """The native samples, each with the stack sample of the same thread that is nearest in time."""
    if native is None:
        return None
    python = np.full(len(native), -1, dtype=np.int64)
    if samples is not None and len(samples):
        bounds = _bounds_of_threads(samples)
        for thread in np.unique(native["tid"]).tolist():
            rows = np.flatnonzero(native["tid"] == thread)
            if thread in bounds:
                python[rows] = _nearest(native["time_ns"][rows], samples.time_ns, bounds[thread])
    return NativeSamples(table=native, python=python)


def _bounds_of_threads(samples: Samples) -> dict[int, slice]:
    return {int(samples.tid[rows.start]): rows for rows in samples.threads()}


def _nearest(times: Column, stamps: NDArray[np.int64], rows: slice) -> NDArray[np.int64]:
    near = stamps[rows]
    after = np.clip(np.searchsorted(near, times), 0, len(near) - 1)
    before = np.maximum(after - 1, 0)
    closer = np.where(np.abs(near[before] - times) <= np.abs(near[after] - times), before, after)
    found = np.where(np.abs(near[closer] - times) <= _FARTHEST_NS, closer + rows.start, -1)
    return found.astype(np.int64)
