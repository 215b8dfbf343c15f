"""Candidate places of a cause: lines and functions that took time, and the run as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from assay.analyze.evidence.frames import FrameTree
from assay.analyze.evidence.gather import Evidence
from assay.analyze.evidence.lines import Samples
from assay.record.diagnosis.findings import Clock, Location, Scope

_LEAST_SHARE = 0.02
"""A place below this share of the time of every clock is no candidate."""
_MOST_PLACES = 60
"""Candidates of one scope, the most expensive first."""

Rows = NDArray[np.int64]


class Place(msgspec.Struct, kw_only=True, dict=True):
    """One candidate: where it is, and which samples were taken there."""

    evidence: Evidence
    location: Location
    rows: Rows
    """Stack samples at the place."""
    native_rows: Rows
    """Native samples at the place."""

    @cached_property
    def seconds(self) -> NDArray[np.float64]:
        """Time at the place per clock, over all threads."""
        samples = self.evidence.samples
        if samples is None:
            return np.zeros(0)
        return np.asarray(samples.seconds[self.rows].sum(axis=0, dtype=np.float64))

    @cached_property
    def lines(self) -> tuple[tuple[int, float], ...]:
        """Own lines at the place with their share of its time, the most expensive first."""
        samples, frames = self.evidence.samples, self.evidence.frames
        if samples is None or frames is None or not len(self.rows):
            return ()
        sites = frames.site[samples.node[self.rows]]
        weights = np.bincount(
            np.maximum(frames.line[np.maximum(sites, 0)], 0), samples.seconds[self.rows].sum(axis=1, dtype=np.float64)
        )
        total = float(weights.sum()) or 1.0
        order = np.argsort(-weights, kind="stable")
        return tuple((int(line), float(weights[line]) / total) for line in order if weights[line] > 0)

    def share(self, clock: Clock) -> float | None:
        """Share of the time of that clock that was spent at the place; None where there are no samples."""
        counted = self.evidence.deciding(clock)
        if not len(counted):
            return None
        total = counted.sum()
        return float(counted[self.rows].sum() / total) if total > 0 else 0.0

    def present(self) -> NDArray[np.bool_]:
        """For each stack sample of the run, whether it is at the place; made anew, since places are many."""
        samples = self.evidence.samples
        found = np.zeros(0 if samples is None else len(samples), dtype=bool)
        found[self.rows] = True
        return found


def places_of(evidence: Evidence, scope: Scope) -> list[Place]:
    """Candidates of a scope, the most expensive first."""
    match scope:
        case Scope.RUN:
            return [_whole(evidence)]
        case Scope.PROCESS:
            return list(_programs(evidence))
        case _:
            return [*_in_python(evidence, scope), *_in_native_code(evidence)]


def _whole(evidence: Evidence) -> Place:
    samples, native = evidence.samples, evidence.native
    return Place(
        evidence=evidence,
        location=Location(scope=Scope.RUN),
        rows=np.arange(0 if samples is None else len(samples)),
        native_rows=np.arange(0 if native is None else len(native)),
    )


def _in_python(evidence: Evidence, scope: Scope) -> Iterator[Place]:
    samples, frames = evidence.samples, evidence.frames
    if samples is None or frames is None or not len(samples):
        return
    keys = _keys(frames, samples, scope)
    order = np.argsort(keys, kind="stable")
    distinct, starts = np.unique(keys[order], return_index=True)
    groups = dict(zip(distinct.tolist(), np.split(order, starts[1:]), strict=True))
    groups.pop(-1, None)
    native = _native_by_key(evidence, keys)
    for key, rows in _most_expensive(samples, groups):
        location = Location(
            scope=scope,
            file=frames.file(key),
            line=int(frames.line[key]) if scope is Scope.LINE else None,
            function=frames.function(key),
        )
        yield Place(
            evidence=evidence, location=location, rows=rows, native_rows=native.get(key, np.empty(0, dtype=np.int64))
        )


def _keys(frames: FrameTree, samples: Samples, scope: Scope) -> NDArray[np.int32]:
    """For each sample a frame that stands for its place; -1 where no own code is on the stack."""
    site = frames.site[samples.node]
    representative = frames.place if scope is Scope.LINE else frames.function_place
    return np.where(site >= 0, representative[site], -1).astype(np.int32)


def _native_by_key(evidence: Evidence, keys: NDArray[np.int32]) -> dict[int, Rows]:
    native = evidence.native
    if native is None:
        return {}
    known = np.flatnonzero(native.python >= 0)
    if not known.size:
        return {}
    of_native = keys[native.python[known]]
    order = np.argsort(of_native, kind="stable")
    distinct, starts = np.unique(of_native[order], return_index=True)
    return dict(zip(distinct.tolist(), np.split(known[order], starts[1:]), strict=True))


def _most_expensive(samples: Samples, groups: dict[int, Rows]) -> list[tuple[int, Rows]]:
    totals = samples.seconds.sum(axis=0, dtype=np.float64)
    weighed = []
    for key, rows in groups.items():
        shares = np.divide(samples.seconds[rows].sum(axis=0), totals, out=np.zeros(len(totals)), where=totals > 0)
        if shares.max() >= _LEAST_SHARE:
            weighed.append((float(samples.seconds[rows].sum()), key, rows))
    weighed.sort(key=lambda one: (-one[0], one[1]))
    return [(key, rows) for _, key, rows in weighed[:_MOST_PLACES]]


def _in_native_code(evidence: Evidence) -> Iterator[Place]:
    """Functions of programs in which no Python stack was seen."""
    native = evidence.native
    if native is None or not len(native):
        return
    with_stacks = np.unique(evidence.samples.pid) if evidence.samples is not None else np.empty(0)
    alone = np.flatnonzero(~np.isin(native.table["pid"], with_stacks))
    symbols = native.table["symbol"][alone]
    for code, count in sorted(zip(*np.unique(symbols, return_counts=True), strict=True), key=lambda one: -one[1]):
        if count < _LEAST_SHARE * len(native):
            break
        rows = alone[symbols == code]
        name = native.symbol(int(rows[0]))
        location = Location(scope=Scope.FUNCTION, function=name, native=name, file=native.library(int(rows[0])))
        yield Place(evidence=evidence, location=location, rows=np.empty(0, dtype=np.int64), native_rows=rows)


def _programs(evidence: Evidence) -> Iterator[Place]:
    """Programs of the tree, one place for all processes of the same executable."""
    pids: dict[str, set[int]] = {}
    for life in evidence.lives:
        if life.executable:
            pids.setdefault(life.executable, set()).add(life.pid)
    samples, native = evidence.samples, evidence.native
    for program, members in sorted(pids.items()):
        chosen = sorted(members)
        yield Place(
            evidence=evidence,
            location=Location(scope=Scope.PROCESS, program=program),
            rows=np.flatnonzero(np.isin(samples.pid, chosen)) if samples is not None else np.empty(0, dtype=np.int64),
            native_rows=(
                np.flatnonzero(np.isin(native.table["pid"], chosen))
                if native is not None
                else np.empty(0, dtype=np.int64)
            ),
        )
