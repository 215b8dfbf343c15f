"""Functions on numbers over time: memory, faults, traffic, pressure."""

from __future__ import annotations

import re

import numpy as np

from assay.analyze.evidence.lines import Floats, Samples
from assay.analyze.evidence.series import Line, after_warmup, merged, span_s
from assay.analyze.evidence.waits import INDEX
from assay.analyze.functions.declare import Functions, Kind, Place, Value, number
from assay.record.diagnosis.findings import Clock
from assay.stats.trend import spearman, theil_sen

GROUP = Functions()
_HIGH, _LOW = 0.8, 0.6
_FEWEST_READINGS = 10
"""Readings after the warm-up below which nothing is said about how a level rises."""


def _line(place: Place, metric: str) -> Line | None:
    line = place.evidence.series.get(metric)
    return line if line is not None and len(line.time_ns) else None


@GROUP.declare("total", Kind.METRIC, needs="processes")
def total(place: Place, metric: str) -> Value:
    """How far a count went from the first reading to the last."""
    line = _line(place, metric)
    return None if line is None else number(line.value[-1] - line.value[0])


@GROUP.declare("rate", Kind.METRIC, needs="processes", unit="1/s")
def rate(place: Place, metric: str) -> Value:
    """How far a count went per second."""
    line = _line(place, metric)
    if line is None or span_s(line) <= 0:
        return None
    return number((line.value[-1] - line.value[0]) / span_s(line))


@GROUP.declare("per_cpu_s", Kind.METRIC, needs="processes", unit="1/s")
def per_cpu_s(place: Place, metric: str) -> Value:
    """How far a count went per second of the tree's processor time, which does not depend on what others do."""
    line, spent = _line(place, metric), merged(place.evidence.series, ("user_ns", "system_ns"))
    if line is None or spent is None or spent.value[-1] <= 0:
        return None
    return number(line.value[-1] / (spent.value[-1] / 1e9))


@GROUP.declare("mean", Kind.METRIC, needs="processes")
def mean(place: Place, metric: str) -> Value:
    """Mean of a level over the run."""
    line = _line(place, metric)
    return None if line is None else number(line.value.mean())


@GROUP.declare("peak", Kind.METRIC, needs="processes")
def peak(place: Place, metric: str) -> Value:
    """Highest reading of a level."""
    line = _line(place, metric)
    return None if line is None else number(line.value.max())


@GROUP.declare("last", Kind.METRIC, needs="processes")
def last(place: Place, metric: str) -> Value:
    """Mean of the last twentieth of the readings of a level."""
    line = _line(place, metric)
    return None if line is None else number(line.value[-max(1, len(line.value) // 20) :].mean())


@GROUP.declare("rise", Kind.METRIC, needs="processes")
def rise(place: Place, metric: str) -> Value:
    """Last reading minus the one after the first fifth of the run, in which programs warm up."""
    line = _line(place, metric)
    if line is None:
        return None
    warm = after_warmup(line)
    return number(warm.value[-1] - warm.value[0])


@GROUP.declare("growth_of", Kind.METRIC, needs="processes", unit="1")
def growth_of(place: Place, metric: str) -> Value:
    """Share of a level's peak that came after the first fifth of the run."""
    line = _line(place, metric)
    if line is None or line.value.max() <= 0:
        return None
    return number(max(0.0, line.value.max() - after_warmup(line).value[0]) / line.value.max())


@GROUP.declare("slope", Kind.METRIC, needs="processes", unit="1/s")
def slope(place: Place, metric: str) -> Value:
    """Median slope of a level per second, after the first fifth of the run."""
    line = _line(place, metric)
    if line is None:
        return None
    warm = after_warmup(line)
    return theil_sen((warm.time_ns - warm.time_ns[0]) / 1e9, warm.value)


@GROUP.declare("trend", Kind.METRIC, needs="processes", unit="1")
def trend(place: Place, metric: str) -> Value:
    """Rank correlation of a level with time after the first fifth of the run: 1 where it only grows."""
    line = _line(place, metric)
    return None if line is None else spearman(after_warmup(line).value)


@GROUP.declare("peak_at", Kind.METRIC, needs="processes", unit="1")
def peak_at(place: Place, metric: str) -> Value:
    """When a level was highest, as a share of the run: near 1 where it rose until the program tidied up."""
    line = _line(place, metric)
    if line is None or span_s(line) <= 0:
        return None
    moment = line.time_ns[int(np.argmax(line.value))]
    return number((moment - line.time_ns[0]) / (line.time_ns[-1] - line.time_ns[0]))


@GROUP.declare("climb", Kind.METRIC, needs="processes", unit="1")
def climb(place: Place, metric: str) -> Value:
    """Rank correlation of a level with time from the first fifth of the run up to its peak: 1 where it only grows."""
    line = _line(place, metric)
    if line is None:
        return None
    until_peak = line.value[: int(np.argmax(line.value)) + 1]
    return spearman(until_peak[len(line.value) // 5 :])


@GROUP.declare("summits", Kind.METRIC, needs="processes")
def summits(place: Place, metric: str) -> Value:
    """How often a level rose above four fifths of its peak, having been below three fifths of it before."""
    line = _line(place, metric)
    if line is None or line.value.max() <= 0:
        return None
    level = line.value / line.value.max()
    decided = level[(level > _HIGH) | (level < _LOW)] > _HIGH
    return number((decided & ~np.concatenate([[False], decided[:-1]])).sum())


@GROUP.declare("steadiness", Kind.METRIC, needs="processes", unit="1")
def steadiness(place: Place, metric: str) -> Value:
    """How evenly a level rises: its rise in the smallest fifth of the warmed-up run over that in the largest."""
    line = _line(place, metric)
    warm = None if line is None else after_warmup(line).value
    if warm is None or len(warm) < _FEWEST_READINGS:
        return None
    parts = np.array_split(warm, 5)
    steps = np.diff([part[0] for part in parts] + [parts[-1][-1]])
    return number(steps.min() / steps.max()) if steps.max() > 0 else None


@GROUP.declare("rise_share", Kind.METRIC, needs="processes stacks", unit="1")
def rise_share(place: Place, metric: str) -> Value:
    """Share of all rises of a level that happened while a thread was at the place."""
    line, samples = _line(place, metric), place.evidence.samples
    if line is None or samples is None or not len(place.rows) or len(line.value) < 3:
        return None
    steps = np.maximum(np.diff(line.value), 0.0)
    interval = np.searchsorted(line.time_ns, samples.time_ns, side="left") - 1
    inside = (interval >= 0) & (interval < len(steps))
    weights = np.where(inside, _awake(samples), 0.0)
    interval = np.clip(interval, 0, len(steps) - 1)
    everywhere = np.bincount(interval, weights, len(steps))
    here = np.bincount(interval[place.rows], weights[place.rows], len(steps))
    known = everywhere > 0
    total = steps[known].sum()
    return number((steps[known] * here[known] / everywhere[known]).sum() / total) if total > 0 else 0.0


def _awake(samples: Samples) -> Floats:
    """Time each sample was doing something, since only that can make a level rise."""
    columns = [INDEX[clock] for clock in (Clock.CPU, Clock.RUN_QUEUE, Clock.DISK)]
    found: Floats = samples.seconds[:, columns].sum(axis=1, dtype=np.float64)
    return found


@GROUP.declare("syscalls", Kind.REGEX, needs="calls")
def syscalls(place: Place, pattern: str) -> Value:
    """System calls of the tree whose name matches, counted by the kernel."""
    table = place.evidence.tables.get("calls")
    if table is None:
        return None
    codes = [code for code, name in enumerate(table.names["name"]) if re.search(pattern, name)]
    return number(table["count"][np.isin(table["name"], codes)].sum())


@GROUP.declare("syscall_rate", Kind.REGEX, needs="calls", unit="1/s")
def syscall_rate(place: Place, pattern: str) -> Value:
    """System calls of the tree per second whose name matches."""
    count = syscalls(place, pattern)
    return None if count is None or not place.evidence.wall_s else count / place.evidence.wall_s
