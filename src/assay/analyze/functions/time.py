"""Functions on time: of the run, of a place, by clock, and over the run."""

from __future__ import annotations

import numpy as np

from assay.analyze.evidence.growth import Development, Stays, development, stays
from assay.analyze.evidence.waits import INDEX
from assay.analyze.functions.declare import Functions, Kind, Place, Value, number
from assay.record.diagnosis.findings import Clock

GROUP = Functions()


@GROUP.declare("wall_s", unit="s")
def wall_s(place: Place) -> Value:
    """Wall time of the run."""
    return place.evidence.wall_s


@GROUP.declare("wall", Kind.CLOCK, needs="threads", unit="1")
def wall(place: Place, clock: str) -> Value:
    """Share of the wall time by clock, on the thread that the run waited for; waiting for a processor is left out."""
    evidence = place.evidence
    return evidence.wall_share(Clock(clock)) if evidence.has("threads") else None


@GROUP.declare("share", Kind.CLOCK, needs="stacks", unit="1")
def share(place: Place, clock: str) -> Value:
    """Share of the time of that clock that was spent at the place, libraries below it included.

    Of processor time, over all threads; of waiting, of the main thread alone where it often waits so itself.
    """
    return place.share(Clock(clock))


@GROUP.declare("part", Kind.CLOCK, needs="stacks", unit="1")
def part(place: Place, clock: str) -> Value:
    """Share of the place's own time that is of that clock; waiting for a processor is left out."""
    if not len(place.seconds):
        return None
    total = place.seconds.sum() - place.seconds[[INDEX[Clock.RUN_QUEUE], INDEX[Clock.UNKNOWN]]].sum()
    return number(place.seconds[INDEX[Clock(clock)]] / total) if total > 0 else None


@GROUP.declare("seconds", Kind.CLOCK, needs="stacks", unit="s")
def seconds(place: Place, clock: str) -> Value:
    """Time of that clock at the place, summed over threads."""
    return number(place.seconds[INDEX[Clock(clock)]]) if len(place.seconds) else None


@GROUP.declare("samples", needs="stacks")
def samples_here(place: Place) -> Value:
    """Stack samples at the place."""
    return None if place.evidence.samples is None else float(len(place.rows))


@GROUP.declare("threads_in", Kind.CLOCK, needs="threads stacks")
def threads_in(place: Place, clock: str) -> Value:
    """Threads that were at the place in that clock at the same time, on average while at least one was."""
    samples = place.evidence.samples
    if samples is None or not len(place.rows):
        return None
    here = samples.seconds[place.rows, INDEX[Clock(clock)]].astype(np.float64)
    step = np.median(samples.seconds[place.rows].sum(axis=1))
    if step <= 0:
        return None
    moment = (samples.time_ns[place.rows] / (step * 1e9)).astype(np.int64)
    _, inverse = np.unique(moment, return_inverse=True)
    per_moment = np.bincount(inverse, here) / step
    busy = per_moment[per_moment > 0.25]
    return number(busy.mean()) if len(busy) else 0.0


@GROUP.declare("active_threads", needs="threads")
def active_threads(place: Place) -> Value:
    """Threads that computed or wanted to (on a processor, waiting for one or for the interpreter), on average."""
    return _threads(place, (Clock.CPU, Clock.GIL, Clock.RUN_QUEUE))


@GROUP.declare("threads_waiting", Kind.CLOCK, needs="threads")
def threads_waiting(place: Place, clock: str) -> Value:
    """Threads that were in that clock at the same time, on average over the run."""
    return _threads(place, (Clock(clock),))


def _threads(place: Place, clocks: tuple[Clock, ...]) -> Value:
    evidence = place.evidence
    if not evidence.has("threads") or not evidence.wall_s:
        return None
    columns = [INDEX[clock] for clock in clocks]
    return number(sum(one.seconds[columns].sum() for one in evidence.clocks.values()) / evidence.wall_s)


@GROUP.declare("growth", needs="stacks", unit="1")
def growth(place: Place) -> Value:
    """Rank correlation with time of the place's share of the CPU time, in ten parts of the run; 1: it only grows."""
    return _development(place).trend if place.evidence.samples is not None else None


@GROUP.declare("growth_ratio", needs="stacks", unit="1")
def growth_ratio(place: Place) -> Value:
    """Share of the CPU time in the last three tenths of the run over that in the first three."""
    return _development(place).ratio if place.evidence.samples is not None else None


def _development(place: Place) -> Development:
    samples = place.evidence.samples
    if samples is None:
        return Development(shares=(), trend=None, ratio=None)
    everywhere = samples.seconds[:, INDEX[Clock.CPU]].astype(np.float64)
    here = np.where(place.present(), everywhere, 0.0)
    return development(samples.time_ns, here, everywhere, place.evidence.start_ns, place.evidence.end_ns)


@GROUP.declare("visits", needs="stacks")
def visits(place: Place) -> Value:
    """Separate stays of threads at the place, as far as sampling tells them apart."""
    return None if place.evidence.samples is None else float(_stays(place).visits)


@GROUP.declare("stay_s", needs="stacks", unit="s")
def stay_s(place: Place) -> Value:
    """Mean length of a stay at the place."""
    return None if place.evidence.samples is None else _stays(place).mean_s


def _stays(place: Place) -> Stays:
    samples = place.evidence.samples
    if samples is None:
        return Stays(visits=0, mean_s=0.0)
    breaks = np.zeros(len(samples), dtype=bool)
    breaks[[rows.start for rows in samples.threads()]] = True
    return stays(place.present(), samples.seconds.sum(axis=1, dtype=np.float64), breaks)
