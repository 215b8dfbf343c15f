"""The line that a rule points at, where that is another one than the line that took the time.

A task that waits is on no stack, and opening a file takes no time: what took it stands nearby. The rule says which code
it speaks of, best first.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

from assay.analyze.evidence.waits import INDEX
from assay.analyze.match import Trial
from assay.analyze.places import Place
from assay.analyze.shapes.words import BUSIEST
from assay.record.diagnosis.findings import Clock, Location, Scope


def pointed(location: Location, trial: Trial) -> Location:
    """The location, with the line that the rule points at where there is one."""
    wanted = trial.rule.text.points_at
    if location.scope is Scope.RUN and wanted:
        return _of_run(location, trial.place, wanted)
    if location.file is None or location.function is None:
        return location
    if location.scope is Scope.FUNCTION:
        return _within(location, trial.place, frozenset(wanted))
    if location.scope is Scope.LINE and wanted and not _has(trial.place, location, wanted[0]):
        return _elsewhere(location, trial.place, wanted)
    return location


def _of_run(location: Location, place: Place, wanted: Iterable[str]) -> Location:
    """The whole run, with the line in it that has most to do with the finding."""
    for word in wanted:
        found = _busiest(place) if word == BUSIEST else _seen(place, word) or _only(place, word)
        if found is not None:
            file, line, function = found
            return msgspec.structs.replace(location, file=file, line=line, function=function)
    return location


def _busiest(place: Place) -> tuple[str, int, str] | None:
    """The own line at which most of the processor time was spent."""
    samples, frames = place.evidence.samples, place.evidence.frames
    if samples is None or frames is None or not len(samples):
        return None
    seconds = samples.seconds[:, INDEX[Clock.CPU]]
    spent: dict[tuple[str, int, str], float] = {}
    for node, own_s in enumerate(np.bincount(samples.node, weights=seconds, minlength=len(frames)).tolist()):
        nearest = next((one for one in frames.path(node) if frames.own[one]), None)
        if own_s > 0.0 and nearest is not None:
            key = (frames.file(nearest), int(frames.line[nearest]), frames.function(nearest))
            spent[key] = spent.get(key, 0.0) + own_s
    return min(spent, key=lambda key: (-spent[key], key)) if spent else None


def _within(location: Location, place: Place, wanted: frozenset[str]) -> Location:
    """A function with such a line in it, or else the most expensive one."""
    if not place.lines:
        return location
    lines = [line for line, _ in place.lines]
    found = [
        line for line in lines if wanted & (place.evidence.sources.features(location.file or "", line) or frozenset())
    ]
    return msgspec.structs.replace(location, line=(found or lines)[0])


def _elsewhere(location: Location, place: Place, wanted: Iterable[str]) -> Location:
    """Another own line with such code: one that was seen on stacks, most often first, else the only one there is."""
    for word in wanted:
        if _has(place, location, word):
            return location
        found = _seen(place, word) or _only(place, word)
        if found is not None:
            file, line, function = found
            return msgspec.structs.replace(location, file=file, line=line, function=function, native=None)
    return location


def _has(place: Place, location: Location, word: str) -> bool:
    return word in (place.evidence.sources.features(location.file or "", location.line or 0) or ())


def _seen(place: Place, word: str) -> tuple[str, int, str] | None:
    samples, frames = place.evidence.samples, place.evidence.frames
    if samples is None or frames is None:
        return None
    counts = np.bincount(samples.node[samples.node >= 0], minlength=len(frames))
    seen: dict[tuple[str, int, str], int] = {}
    for node in reversed(
        range(len(frames))
    ):  # callers have smaller numbers, so that every count is complete by its turn
        parent = int(frames.parent[node])
        if parent >= 0:
            counts[parent] += counts[node]
        if not frames.own[node]:
            continue
        file, line = frames.file(node), int(frames.line[node])
        if word in (place.evidence.sources.features(file, line) or ()):
            key = (file, line, frames.function(node))
            seen[key] = seen.get(key, 0) + int(counts[node])
    return min(seen, key=lambda key: (-seen[key], key)) if seen else None


def _only(place: Place, word: str) -> tuple[str, int, str] | None:
    found = place.evidence.sources.lines_with(word)
    return found[0] if len(found) == 1 else None
