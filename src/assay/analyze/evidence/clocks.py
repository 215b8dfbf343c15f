"""The time of each thread, look by look, split into clocks that add up to the time that passed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from assay.analyze.evidence.tables import Column, Table, runs_of_threads
from assay.analyze.evidence.waits import CLOCKS, INDEX, wait_classes
from assay.record.diagnosis.findings import Clock

Floats = NDArray[np.float64]
_NEARBY_LOOKS = 25
Thread = tuple[int, int]
"""Process and thread."""


class ThreadClocks(Struct, frozen=True, kw_only=True):
    """One thread's intervals between looks; row ``i`` of ``shares`` splits the interval ``edges[i:i+2]``."""

    edges_ns: NDArray[np.int64]
    shares: Floats
    """Share of each interval per clock; rows add up to 1."""

    @property
    def seconds(self) -> Floats:
        """Time per clock."""
        lengths = np.diff(self.edges_ns) / 1e9
        total: Floats = lengths @ self.shares
        return total


def thread_clocks(threads: Table | None) -> dict[Thread, ThreadClocks]:
    """Clocks of every thread that was looked at twice or more."""
    if threads is None or not len(threads):
        return {}
    order = np.lexsort((threads["time_ns"], threads["tid"], threads["pid"]))
    table = threads.only(order)
    waits = wait_classes(table)
    running = np.isin(table["state"], table.codes("state", ("R",)))
    return {
        (int(table["pid"][rows.start]), int(table["tid"][rows.start])): _of_one(table, waits, running, rows)
        for rows in runs_of_threads(table)
        if rows.stop - rows.start > 1
    }


def _of_one(table: Table, waits: Column, running: Column, rows: slice) -> ThreadClocks:
    times = table["time_ns"][rows].astype(np.int64)
    lengths = np.maximum(np.diff(times), 1)
    cpu = _advance(table["cpu_ns"][rows], lengths, running[rows])
    queued = np.minimum(_advance(table["delay_ns"][rows], lengths, None), lengths - cpu)
    rest = lengths - cpu - queued
    shares = np.zeros((len(lengths), len(CLOCKS)))
    shares[:, INDEX[Clock.CPU]] = cpu / lengths
    shares[:, INDEX[Clock.RUN_QUEUE]] = queued / lengths
    asleep = _nearest_wait(waits[rows], np.asarray(running[rows]))
    positions = np.arange(len(lengths))
    for waited_for in (asleep[:-1], asleep[1:]):
        np.add.at(shares, (positions, waited_for), rest / lengths / 2)
    return ThreadClocks(edges_ns=times, shares=shares)


def _nearest_wait(waits: Column, running: Column) -> Column:
    """For each look what the thread waits for, or, where it was awake, what it waited for at a look nearby.

    A thread that sleeps for a moment at a time is mostly found awake; between two looks it slept as it does nearby. One
    that is found awake every time does not sleep: what its counters lack, the hypervisor gave to others.
    """
    sleeping = np.flatnonzero(~running)
    if not len(sleeping):
        return np.full(len(waits), INDEX[Clock.RUN_QUEUE], dtype=waits.dtype)
    after = np.clip(np.searchsorted(sleeping, np.arange(len(waits))), 0, len(sleeping) - 1)
    before = np.maximum(after - 1, 0)
    place = np.arange(len(waits))
    nearer = np.where(np.abs(sleeping[before] - place) <= np.abs(sleeping[after] - place), before, after)
    near = np.abs(sleeping[nearer] - place) <= _NEARBY_LOOKS
    guessed = np.where(near, waits[sleeping[nearer]], INDEX[Clock.RUN_QUEUE])
    found: Column = np.where(running, guessed, waits)
    return found


def _advance(counter: Column, lengths: Floats, running: Column | None) -> Floats:
    """How far a cumulative counter went per interval; without one, whether the thread ran at the interval's ends."""
    steps = np.diff(counter).astype(np.float64)
    unknown = (counter[1:] < 0) | (counter[:-1] < 0)
    if unknown.any():
        guess = np.zeros(len(lengths)) if running is None else lengths * (0.5 * running[:-1] + 0.5 * running[1:])
        steps = np.where(unknown, guess, steps)
    bounded: Floats = np.clip(steps, 0, lengths)
    return bounded


def total_seconds(clocks: Mapping[Thread, ThreadClocks]) -> Floats:
    """Time per clock, summed over threads."""
    return sum((one.seconds for one in clocks.values()), np.zeros(len(CLOCKS)))
