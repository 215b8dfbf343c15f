"""Stack samples with their time split by clock: the join of what a thread executed and what it waited for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from assay.analyze.evidence.clocks import Thread, ThreadClocks
from assay.analyze.evidence.tables import Column, Table, runs_of_threads
from assay.analyze.evidence.waits import CLOCKS, INDEX
from assay.record.diagnosis.findings import Clock

Floats = NDArray[np.float64]

_LONGEST_STEP = 3.0
"""A sample stands for the time since the one before, but for no more than this many usual steps: a thread that is
not seen for longer was not there."""
_AWAKE = (INDEX[Clock.CPU], INDEX[Clock.RUN_QUEUE])


class Samples(Struct, frozen=True, kw_only=True):
    """Stack samples, ordered by process, thread and time."""

    time_ns: NDArray[np.int64]
    pid: NDArray[np.int32]
    tid: NDArray[np.int32]
    node: NDArray[np.int32]
    seconds: NDArray[np.float32]
    """One row per sample, one column per clock: the time it stands for, and its reasons."""

    def __len__(self) -> int:
        return len(self.time_ns)

    def threads(self) -> list[slice]:
        """Rows of each thread."""
        return runs_of_threads(Table({"pid": self.pid, "tid": self.tid}, {}))


def samples_with_clocks(stacks: Table, clocks: Mapping[Thread, ThreadClocks]) -> Samples:
    """Each sample with the time it stands for, split as its thread's time was split then."""
    order = np.lexsort((stacks["time_ns"], stacks["tid"], stacks["pid"]))
    table = stacks.only(order)
    table = table.only(np.asarray(table["node"] >= 0))
    seconds = np.zeros((len(table), len(CLOCKS)), dtype=np.float32)
    step_ns = _usual_step(table)
    for rows in runs_of_threads(table):
        thread = (int(table["pid"][rows.start]), int(table["tid"][rows.start]))
        seconds[rows] = _split(table, rows, clocks.get(thread), step_ns)
    return Samples(
        time_ns=table["time_ns"].astype(np.int64),
        pid=table["pid"].astype(np.int32),
        tid=table["tid"].astype(np.int32),
        node=table["node"].astype(np.int32),
        seconds=seconds,
    )


def _usual_step(table: Table) -> float:
    """Median time between two samples of one thread."""
    steps = np.diff(table["time_ns"])
    same = (np.diff(table["pid"]) == 0) & (np.diff(table["tid"]) == 0) & (steps > 0)
    return float(np.median(steps[same])) if same.any() else 1e7


def _split(table: Table, rows: slice, clocks: ThreadClocks | None, step_ns: float) -> Floats:
    times = table["time_ns"][rows].astype(np.int64)
    running = table["running"][rows]
    steps = np.diff(times, prepend=times[0] - int(step_ns))
    lengths = np.clip(steps, 0, _LONGEST_STEP * step_ns) / 1e9
    if clocks is None:
        return lengths[:, None] * _by_state(running)
    interval = np.clip(np.searchsorted(clocks.edges_ns, times, side="right") - 1, 0, len(clocks.shares) - 1)
    split = clocks.shares[interval]
    if (running >= 0).any():
        split = _sharpened(split, running, interval, lengths)
    return lengths[:, None] * split


def _by_state(running: Column) -> Floats:
    """Without clocks of the thread: awake is CPU, asleep is unknown, not looked up is unknown."""
    split = np.zeros((len(running), len(CLOCKS)))
    split[running == 1, INDEX[Clock.CPU]] = 1
    split[running != 1, INDEX[Clock.UNKNOWN]] = 1
    return split


def _sharpened(split: Floats, running: Column, interval: NDArray[np.int64], lengths: Floats) -> Floats:
    """Within an interval, waking time goes to samples that were awake and waiting to those that slept.

    An interval holds several samples; each has the mixture of the whole interval until its own state is known. Kinds of
    time that no sample of the interval stands for stay spread over all of them, so that nothing is lost.
    """
    awake = running == 1
    count = int(interval.max()) + 1
    total = np.bincount(interval, lengths, count)
    waking = np.bincount(interval, lengths * awake, count)
    share_awake = np.divide(waking, total, out=np.zeros(count), where=total > 0)[interval]
    mask = np.zeros(split.shape[1], dtype=bool)
    mask[list(_AWAKE)] = True
    result = split.copy()
    both = (share_awake > 0) & (share_awake < 1)
    factor_awake = np.where(awake, 1 / np.where(both, share_awake, 1), 0)
    factor_asleep = np.where(awake, 0, 1 / np.where(both, 1 - share_awake, 1))
    result[both] = np.where(mask, split[both] * factor_awake[both, None], split[both] * factor_asleep[both, None])
    return result
