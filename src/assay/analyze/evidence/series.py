"""Numbers over time: of the whole process tree, and of the machine."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from assay.analyze.evidence.tables import Column, Table

Floats = NDArray[np.float64]

GAUGES: dict[str, str] = {
    "rss_bytes": "Resident memory of the tree.",
    "own_bytes": "Memory of the tree that no other process shares.",
    "swap_bytes": "Memory of the tree in swap.",
    "threads": "Threads of the tree.",
    "descriptors": "Open descriptors of the tree.",
    "processes": "Processes of the tree.",
}
"""Levels, summed over the tree at each look."""

COUNTERS: dict[str, str] = {
    "user_ns": "CPU time of the tree outside the kernel.",
    "system_ns": "CPU time of the tree in the kernel.",
    "children_user_ns": "CPU time outside the kernel of processes that ended and were waited for.",
    "children_system_ns": "CPU time in the kernel of processes that ended and were waited for.",
    "minor_faults": "Page faults without storage.",
    "major_faults": "Page faults that read storage.",
    "voluntary_switches": "Switches because a thread had to wait.",
    "involuntary_switches": "Switches because a thread's time was over.",
    "read_calls": "Reading system calls.",
    "write_calls": "Writing system calls.",
    "read_chars": "Bytes read through system calls.",
    "written_chars": "Bytes written through system calls.",
    "read_bytes": "Bytes read from storage.",
    "written_bytes": "Bytes written to storage.",
}
"""Counts since the start of each process, added up over the tree; what a process had counted stays when it ends."""

MACHINE: dict[str, str] = {
    "pressure_cpu_some_us": "Time in which some task of the machine waited for a processor.",
    "pressure_io_some_us": "Time in which some task of the machine waited for storage.",
    "pressure_memory_some_us": "Time in which some task of the machine waited for memory.",
    "steal_s": "Processor time that the hypervisor gave to others.",
    "group_throttled_us": "Time for which the control group was held back by its quota.",
    "group_throttled_periods": "Periods in which the control group was held back.",
    "forks": "Processes and threads started on the machine.",
    "load_1min": "Tasks that ran or waited, averaged over a minute.",
}
"""Readings of the machine and of the target's control group, by the names that the collector writes."""

METRICS: tuple[str, ...] = (*GAUGES, *COUNTERS, *MACHINE)


_LONGEST_LOOK_NS = 1_000_000_000
"""Rows that lie farther apart belong to different looks."""


class Line(Struct, frozen=True, kw_only=True):
    """One number over time."""

    time_ns: NDArray[np.int64]
    value: Floats


def series_of(processes: Table | None, machine: Table | None) -> dict[str, Line]:
    """Every series that the tables hold, by metric."""
    found: dict[str, Line] = {}
    if processes is not None and len(processes):
        found.update(_of_tree(processes))
    if machine is not None:
        found.update(_of_machine(machine))
    return found


def _of_tree(processes: Table) -> dict[str, Line]:
    order = np.lexsort((processes["pid"], processes["time_ns"]))
    table = processes.only(order)
    inverse = _looks(table)
    times = table["time_ns"][np.unique(inverse, return_index=True)[1]].astype(np.int64)
    found = {"processes": Line(time_ns=times, value=np.bincount(inverse).astype(np.float64))}
    for name in GAUGES:
        if name in table.columns and (line := _level(table, name, inverse, times)) is not None:
            found[name] = line
    for name in COUNTERS:
        if name in table.columns and (line := _counter(table, name, inverse, times)) is not None:
            found[name] = line
    return found


def _looks(table: Table) -> Column:
    """For each row, in the order of time, the number of its look: a process is read once in each."""
    numbers = np.empty(len(table), dtype=np.int64)
    seen: set[int] = set()
    number, before_ns = 0, int(table["time_ns"][0])
    for row, (time_ns, pid) in enumerate(zip(table["time_ns"].tolist(), table["pid"].tolist(), strict=True)):
        if pid in seen or time_ns - before_ns > _LONGEST_LOOK_NS:
            seen.clear()
            number += 1
        seen.add(pid)
        numbers[row], before_ns = number, time_ns
    return numbers


def _level(table: Table, name: str, inverse: Column, times: NDArray[np.int64]) -> Line | None:
    """Sums over the processes of each look; what is read less often stays what it was for a process."""
    order = np.lexsort((inverse, table["pid"]))
    column, pids, looks = table[name][order], table["pid"][order], inverse[order]
    read = column >= 0
    if not read.any():
        return None
    first = np.concatenate([[True], pids[1:] != pids[:-1]])
    begin = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    last = np.maximum.accumulate(np.where(read, np.arange(len(order)), -1))
    known = last >= begin
    total = np.bincount(looks[known], column[last[known]].astype(np.float64), len(times))
    seen = np.bincount(looks[read], minlength=len(times)) > 0
    return Line(time_ns=times[seen], value=total[seen].astype(np.float64))


def _counter(table: Table, name: str, inverse: Column, times: NDArray[np.int64]) -> Line | None:
    """Steps of each process, added up over all of them in the order of time."""
    values = table[name].astype(np.float64)
    known = values >= 0
    if not known.any():
        return None
    pids, values, moments = table["pid"][known], values[known], inverse[known]
    order = np.argsort(pids, kind="stable")
    pids, values, moments = pids[order], values[order], moments[order]
    first = np.concatenate([[True], pids[1:] != pids[:-1]])
    steps = np.where(first, values, np.diff(values, prepend=0.0))
    return Line(
        time_ns=times, value=np.cumsum(np.bincount(moments, np.maximum(steps, 0), len(times))).astype(np.float64)
    )


def _of_machine(machine: Table) -> dict[str, Line]:
    found = {}
    for code, name in enumerate(machine.names["name"]):
        rows = np.flatnonzero(machine["name"] == code)
        if name in MACHINE and len(rows):
            found[name] = Line(time_ns=machine["time_ns"][rows].astype(np.int64), value=machine["value"][rows])
    return found


def span_s(line: Line) -> float:
    """Seconds between the first and the last reading."""
    return float(line.time_ns[-1] - line.time_ns[0]) / 1e9


def after_warmup(line: Line, share: float = 0.2) -> Line:
    """The series without its first part, in which programs fill their caches and load their libraries."""
    start = line.time_ns[0] + share * (line.time_ns[-1] - line.time_ns[0])
    rows = line.time_ns >= start
    return Line(time_ns=line.time_ns[rows], value=line.value[rows])


def merged(series: Mapping[str, Line], names: tuple[str, ...]) -> Line | None:
    """The sum of several series that were read at the same moments."""
    lines = [series[name] for name in names if name in series]
    if len(lines) != len(names):
        return None
    return Line(time_ns=lines[0].time_ns, value=np.sum([line.value for line in lines], axis=0))
