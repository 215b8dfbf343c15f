"""Functions on the processes and threads of the target, and on the machine."""

from __future__ import annotations

import re

import numpy as np

from assay.analyze.evidence.waits import INDEX
from assay.analyze.functions.declare import Functions, Kind, Place, Value, number
from assay.record.diagnosis.findings import Clock

GROUP = Functions()
_COUNTS_AS_BUSY = 0.05
"""Share of the CPU time of the busiest from which a worker counts as one."""


@GROUP.declare("cores")
def cores(place: Place) -> Value:
    """Processors that the target may use."""
    return float(place.evidence.cores)


@GROUP.declare("busy_cores", needs="processes")
def busy_cores(place: Place) -> Value:
    """Processors kept busy by the tree, on average, ended children included."""
    spent = _cpu_s(place)
    return None if spent is None or not place.evidence.wall_s else spent / place.evidence.wall_s


@GROUP.declare("system_share", needs="processes", unit="1")
def system_share(place: Place) -> Value:
    """Share of the tree's CPU time that was spent in the kernel."""
    series = place.evidence.series
    spent = _cpu_s(place)
    if not spent or "system_ns" not in series:
        return None
    return number(series["system_ns"].value[-1] / 1e9 / spent)


def _cpu_s(place: Place) -> float | None:
    series = place.evidence.series
    if "user_ns" not in series or "system_ns" not in series:
        return None
    return number((series["user_ns"].value[-1] + series["system_ns"].value[-1]) / 1e9)


@GROUP.declare("ended_children_share", needs="processes", unit="1")
def ended_children_share(place: Place) -> Value:
    """Share of the tree's CPU time that ended children had used, among them those too short to be seen alive."""
    series = place.evidence.series
    names = ("children_user_ns", "children_system_ns")
    spent = _cpu_s(place)
    if spent is None or any(name not in series for name in names):
        return None
    ended = sum(number(series[name].value[-1]) for name in names) / 1e9
    return ended / (ended + spent) if ended + spent > 0 else 0.0


@GROUP.declare("processes_seen", needs="processes")
def processes_seen(place: Place) -> Value:
    """Processes of the tree that were seen alive, the first one not counted."""
    return float(max(0, sum(life.event == "seen" for life in place.evidence.lives) - 1))


@GROUP.declare("starts_per_s", needs="processes", unit="1/s")
def starts_per_s(place: Place) -> Value:
    """Processes started per second: those seen alive, or those that the machine counted while all ran in the tree."""
    seen = processes_seen(place)
    return None if seen is None or not place.evidence.wall_s else float(seen) / place.evidence.wall_s


@GROUP.declare("workers", needs="threads")
def workers(place: Place) -> Value:
    """Threads and processes that did a twentieth or more of what the busiest did on a processor."""
    spent = _cpu_by_thread(place)
    return None if spent is None else float((spent >= _COUNTS_AS_BUSY * spent.max()).sum()) if len(spent) else 0.0


@GROUP.declare("imbalance", needs="threads", unit="1")
def imbalance(place: Place) -> Value:
    """CPU time of the busiest worker over the mean of all of its program that worked, the main thread left out."""
    spent = _cpu_of_peers(place)
    if spent is None or len(spent) < 2 or spent.mean() <= 0:
        return None
    worked = spent[spent >= _COUNTS_AS_BUSY * spent.max()]
    return number(worked.max() / worked.mean())


@GROUP.declare("main_share", needs="threads", unit="1")
def main_share(place: Place) -> Value:
    """Share of the CPU time of all threads that the main thread used."""
    spent, others = _cpu_by_thread(place), _cpu_by_thread(place, main=False)
    if spent is None or others is None or spent.sum() <= 0:
        return None
    return number(1.0 - others.sum() / spent.sum())


@GROUP.declare("shared_work", needs="threads", unit="1")
def shared_work(place: Place) -> Value:
    """Share of the CPU time that others than the main thread of the first process used."""
    spent, others = _cpu_by_thread(place), _cpu_by_thread(place, main=False)
    return None if spent is None or others is None or spent.sum() <= 0 else number(others.sum() / spent.sum())


@GROUP.declare("lonely_share", needs="threads", unit="1")
def lonely_share(place: Place) -> Value:
    """Share of the wall time in which just one thread worked or wanted to, while at other times two or more did."""
    clocks = place.evidence.clocks
    if not clocks:
        return None
    grid = np.linspace(place.evidence.start_ns, place.evidence.end_ns, 201)
    working = np.zeros(200)
    for one in clocks.values():
        active = one.shares[:, [INDEX[Clock.CPU], INDEX[Clock.RUN_QUEUE]]].sum(axis=1)
        spent = np.concatenate([[0.0], np.cumsum(active * np.diff(one.edges_ns))])
        working += np.diff(np.interp(grid, one.edges_ns, spent)) / np.diff(grid) > 0.5
    return number((working == 1).mean()) if working.max() >= 2 else 0.0


def _cpu_by_thread(place: Place, *, main: bool = True) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    clocks = place.evidence.clocks
    if not clocks:
        return None
    chosen = [one for thread, one in sorted(clocks.items()) if main or thread != place.evidence.root]
    return np.array([one.seconds[INDEX[Clock.CPU]] for one in chosen])


def _cpu_of_peers(place: Place) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    """CPU time of the threads of that program which worked most: stages of a pipe are no peers."""
    programs = {life.pid: life.executable for life in place.evidence.lives if life.executable}
    groups: dict[str | None, list[float]] = {}
    for thread, one in sorted(place.evidence.clocks.items()):
        if thread != place.evidence.root:
            groups.setdefault(programs.get(thread[0]), []).append(number(one.seconds[INDEX[Clock.CPU]]))
    return np.array(max(groups.values(), key=sum)) if groups else None


@GROUP.declare("runs_python", needs="processes", returns=Kind.TRUTH)
def runs_python(place: Place) -> Value:
    """Whether any process of the tree runs Python."""
    return any(life.python for life in place.evidence.lives)


@GROUP.declare("program", Kind.REGEX, needs="processes", returns=Kind.TRUTH)
def program(place: Place, pattern: str) -> Value:
    """Whether the program of the place, or of any process of the tree for other places, matches."""
    expression = re.compile(pattern)
    if place.location.program is not None:
        return expression.search(place.location.program) is not None
    return any(expression.search(life.executable or "") is not None for life in place.evidence.lives)


@GROUP.declare("stack_samples", needs="stacks")
def stack_samples(place: Place) -> Value:
    """Stack samples of the whole run."""
    samples = place.evidence.samples
    return None if samples is None else float(len(samples))
