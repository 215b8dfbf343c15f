"""Functions on code: what a place calls, what calls it, what ran natively, what stands on the line."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from assay.analyze.evidence.waits import INDEX
from assay.analyze.functions.declare import Functions, Kind, Place, Value, number
from assay.analyze.shapes.words import FEATURES, REPEATED
from assay.record.diagnosis.findings import Clock

GROUP = Functions()
_HOT_SHARE = 0.1
_FEWEST_NATIVE = 10
"""Native samples at a place below which they say nothing about it."""


@GROUP.declare("below", Kind.REGEX, needs="stacks", unit="1")
def below(place: Place, pattern: str) -> Value:
    """Share of the place's time in which a library frame called from it matches, as ``file:function``."""
    evidence = place.evidence
    if evidence.frames is None:
        return None
    return _weighed(place, evidence.frames.below_site(evidence.frames.matching(pattern)))


@GROUP.declare("within", Kind.REGEX, needs="stacks", unit="1")
def within(place: Place, pattern: str) -> Value:
    """Share of the place's time in which a frame of the stack matches, callers and callees alike."""
    evidence = place.evidence
    if evidence.frames is None:
        return None
    return _weighed(place, evidence.frames.above(evidence.frames.matching(pattern)))


def _weighed(place: Place, nodes: NDArray[np.bool_]) -> Value:
    samples = place.evidence.samples
    if samples is None or not len(place.rows):
        return None
    weights = samples.seconds[place.rows].sum(axis=1, dtype=np.float64)
    total = weights.sum()
    return number(weights[nodes[samples.node[place.rows]]].sum() / total) if total > 0 else None


@GROUP.declare("leaf", Kind.REGEX, needs="native", unit="1")
def leaf(place: Place, pattern: str) -> Value:
    """Share of the place's native samples in which the function on the processor, or at work in the kernel, matches."""
    native = place.evidence.native
    if native is None or len(place.native_rows) < _FEWEST_NATIVE:
        return None
    return number(native.running(pattern)[place.native_rows].mean())


@GROUP.declare("library", Kind.REGEX, needs="native", unit="1")
def library(place: Place, pattern: str) -> Value:
    """Share of the place's native samples in which the file of the function on the processor matches."""
    native = place.evidence.native
    if native is None or len(place.native_rows) < _FEWEST_NATIVE:
        return None
    return number(native.matching("library", pattern)[place.native_rows].mean())


@GROUP.declare("native_share", needs="native", unit="1")
def native_share(place: Place) -> Value:
    """Share of the run's native samples that were taken at the place."""
    native = place.evidence.native
    return len(place.native_rows) / len(native) if native is not None and len(native) else None


@GROUP.declare("kernel", needs="native", unit="1")
def kernel(place: Place) -> Value:
    """Share of the place's native samples that were in the kernel."""
    native = place.evidence.native
    if native is None or len(place.native_rows) < _FEWEST_NATIVE:
        return None
    return number(native.in_kernel[place.native_rows].mean())


@GROUP.declare("source", Kind.WORD, needs="sources", returns=Kind.TRUTH, words=tuple(FEATURES))
def source(place: Place, word: str) -> Value:
    """Whether such code stands on the line, or on a line of the function that took a tenth of its time or more."""
    where = place.location
    if where.file is None:
        return None
    if where.line is not None:
        features = place.evidence.sources.features(where.file, where.line)
        return None if features is None else word in features
    found = [place.evidence.sources.features(where.file, line) for line in _hot_lines(place)]
    known = [features for features in found if features is not None]
    return any(word in features for features in known) if known else None


def _hot_lines(place: Place) -> list[int]:
    return [line for line, share in place.lines if share >= _HOT_SHARE]


@GROUP.declare("nearby", Kind.WORD, needs="sources", returns=Kind.TRUTH, words=tuple(FEATURES))
def nearby(place: Place, word: str) -> Value:
    """Whether such code stands anywhere in the function around the place; outside of functions, on its line."""
    file, line = place.location.file, place.location.line or next((one for one, _ in place.lines), None)
    return None if file is None or line is None else place.evidence.sources.stands_around(file, line, word)


@GROUP.declare("anywhere", Kind.WORD, needs="sources", returns=Kind.TRUTH, words=tuple(FEATURES))
def anywhere(place: Place, word: str) -> Value:
    """Whether such code stands in any source file of the target that was kept."""
    return bool(place.evidence.sources.lines_with(word)) if place.evidence.sources.files else None


@GROUP.declare("looped", needs="sources", returns=Kind.TRUTH)
def looped(place: Place) -> Value:
    """Whether the place, or a line of the target's own code that called it, lies in a loop."""
    return along(place, "loop")


@GROUP.declare("along", Kind.WORD, needs="sources", returns=Kind.TRUTH, words=tuple(FEATURES))
def along(place: Place, word: str) -> Value:
    """Whether such code stands at the place, or on a line of the target's own code that called it."""
    found = [features for _, features in _own_lines(place)]
    return any(word in features for features in found) if found else None


@GROUP.declare("repeated", Kind.WORD, needs="sources", returns=Kind.TRUTH, words=tuple(FEATURES))
def repeated(place: Place, word: str) -> Value:
    """Whether such code lies in a loop itself, or the line does that called its function.

    What a loop goes through is found once, although it stands on a line of the loop.
    """
    found = _own_lines(place)
    if not found:
        return None
    here, features = found[0]
    if place.location.line is None:
        known = [place.evidence.sources.features(here[0], line) for line in _hot_lines(place)]
        features = frozenset().union(*(one for one in known if one is not None))
    return word + REPEATED in features or any("loop" in one for where, one in found[1:] if where != here)


def _own_lines(place: Place) -> list[tuple[tuple[str, int], frozenset[str]]]:
    """Own lines on the place's typical stack, the innermost first, with what stands on them."""
    samples, frames = place.evidence.samples, place.evidence.frames
    if samples is None or frames is None or not len(place.rows):
        return []
    nodes, inverse = np.unique(samples.node[place.rows], return_inverse=True)
    typical = int(nodes[int(np.argmax(np.bincount(inverse)))])
    lines = [(frames.file(node), int(frames.line[node])) for node in frames.path(typical) if frames.own[node]]
    found = [(line, place.evidence.sources.features(*line)) for line in lines]
    return [(line, features) for line, features in found if features is not None]


@GROUP.declare("calls", needs="functions")
def calls(place: Place) -> Value:
    """Calls of the function around the place, counted exactly by a second, instrumented pass."""
    return _counted(place, "calls")


@GROUP.declare("calls_per_entry", needs="functions", unit="1")
def calls_per_entry(place: Place) -> Value:
    """Calls of the function around the place per call from outside of it: above 1 for recursion."""
    every, primitive = _counted(place, "calls"), _counted(place, "primitive_calls")
    return None if every is None or not primitive else every / primitive


@GROUP.declare("calls_of", Kind.REGEX, needs="functions")
def calls_of(place: Place, pattern: str) -> Value:
    """Calls of functions that match, as ``file:function``, made from the function around the place."""
    table = place.evidence.tables.get("functions")
    where = place.location
    if table is None or where.function is None:
        return None
    rows = [
        row
        for row in np.flatnonzero(table["caller"] >= 0).tolist()
        if table.text("caller", row) == _plain(where.function) and table.text("caller_file", row) == where.file
    ]
    expression = re.compile(pattern)
    chosen = [row for row in rows if expression.search(f"{table.text('file', row)}:{table.text('function', row)}")]
    return float(sum(int(table["calls"][row]) for row in chosen))


def _counted(place: Place, column: str) -> float | None:
    table = place.evidence.tables.get("functions")
    where = place.location
    if table is None or where.function is None:
        return None
    rows = [
        row
        for row in np.flatnonzero(table["caller"] < 0).tolist()
        if table.text("function", row) == _plain(where.function) and table.text("file", row) == where.file
    ]
    return float(sum(int(table[column][row]) for row in rows)) if rows else None


def _plain(function: str) -> str:
    """The last word of a qualified name, which is all that the instrumented pass knows."""
    return function.rpartition(".")[2]


@GROUP.declare("imported", Kind.REGEX, needs="stacks", returns=Kind.TRUTH)
def imported(place: Place, pattern: str) -> Value:
    """Whether a frame of a file that matches was ever seen."""
    frames = place.evidence.frames
    return None if frames is None else frames.has_file(pattern)


@GROUP.declare("on_cpu_outside", Kind.REGEX, needs="stacks", unit="1")
def on_cpu_outside(place: Place, pattern: str) -> Value:
    """Share of the run's CPU time in stacks without any frame that matches."""
    evidence = place.evidence
    if evidence.samples is None or evidence.frames is None:
        return None
    cpu = evidence.samples.seconds[:, INDEX[Clock.CPU]].astype(np.float64)
    inside = evidence.frames.above(evidence.frames.matching(pattern))[evidence.samples.node]
    return number(cpu[~inside].sum() / cpu.sum()) if cpu.sum() > 0 else None
