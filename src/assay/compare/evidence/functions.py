"""Functions of a profile: the time that samples saw in each function of the target's own code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import numpy as np

from assay.analyze.evidence.frames import NO_SITE, FrameTree
from assay.analyze.evidence.gather import Evidence, gather
from assay.analyze.evidence.lines import Samples
from assay.analyze.evidence.waits import INDEX
from assay.compare.kind import Kind
from assay.compare.observed import Floats, Observed, One, unit_of
from assay.compare.structure.cell import label_of
from assay.record.diagnosis.findings import Clock
from assay.record.diagnosis.raw import FILES
from assay.record.documents.comparison import Cell
from assay.store import StoredRun

_FEWEST_SAMPLES = 100
_UNITS = {"wall_s": "s", "cpu_s": "s"}


def read(runs: Sequence[StoredRun], metric: str) -> Observed:
    """Every run as a unit; a function that a run never saw took no time in it."""
    return Observed(units=tuple(_one(run, metric) for run in runs))


def _one(run: StoredRun, metric: str) -> One:
    evidence = gather(run)
    samples, frames = evidence.samples, evidence.frames
    if samples is None or frames is None:
        return One(unit=unit_of(run.record), values={})
    weights = _weights(samples, evidence, metric)
    cell_of = {node: _cell(frames, node) for node in {int(site) for site in np.unique(frames.site)} - {NO_SITE}}
    own, inclusive = _times(samples, frames, weights, cell_of)
    return One(
        unit=unit_of(run.record),
        values={cell: np.array([seconds]) for cell, seconds in own.items()},
        parents=_parents(samples, frames, weights, cell_of),
        inclusive=inclusive,
    )


def _weights(samples: Samples, evidence: Evidence, metric: str) -> Floats:
    """What each sample stands for: all its time on the main thread, or its processor time on any."""
    if metric == "cpu_s":
        return samples.seconds[:, INDEX[Clock.CPU]].astype(np.float64)
    main = (samples.pid == evidence.root[0]) & (samples.tid == evidence.root[1])
    return np.where(main, samples.seconds.sum(axis=1, dtype=np.float64), 0.0)


def _cell(frames: FrameTree, node: int) -> Cell:
    """Lines move and folders too: the file's name and the function's are what survives a change."""
    return Cell(name=frames.function(node), file=PurePath(frames.file(node)).name)


def _times(
    samples: Samples, frames: FrameTree, weights: Floats, cell_of: dict[int, Cell]
) -> tuple[dict[Cell, float], dict[Cell, float]]:
    """Seconds per function: its own with what it calls in libraries, and with every function it calls."""
    own: dict[Cell, float] = {}
    inclusive: dict[Cell, float] = {}
    nodes, inverse = np.unique(samples.node, return_inverse=True)
    for node, seconds in zip(nodes.tolist(), np.bincount(inverse, weights).tolist(), strict=True):
        site = int(frames.site[node])
        if site == NO_SITE:
            continue
        own[cell_of[site]] = own.get(cell_of[site], 0.0) + seconds
        for cell in {cell_of[one] for one in frames.path(site) if one in cell_of}:
            inclusive[cell] = inclusive.get(cell, 0.0) + seconds
    return own, inclusive


def _parents(samples: Samples, frames: FrameTree, weights: Floats, cell_of: dict[int, Cell]) -> dict[Cell, Cell]:
    """For each function the one that calls it for most of its time."""
    seconds: dict[Cell, dict[Cell, float]] = {}
    nodes, inverse = np.unique(samples.node, return_inverse=True)
    for node, weight in zip(nodes.tolist(), np.bincount(inverse, weights).tolist(), strict=True):
        site = int(frames.site[node])
        if site == NO_SITE:
            continue
        path = [cell_of[one] for one in frames.path(site) if one in cell_of]
        above = next((cell for cell in path if cell != path[0]), None)
        if above is not None:
            callers = seconds.setdefault(path[0], {})
            callers[above] = callers.get(above, 0.0) + weight
    return {cell: max(callers, key=lambda one: (callers[one], label_of(one))) for cell, callers in seconds.items()}


def _lacks(runs: Sequence[StoredRun], _metric: str) -> str:
    for run in runs:
        if FILES["stacks"][0] not in {artifact.file for artifact in run.record.artifacts}:
            return f"run {run.id} has no stacks (collector stacks)"
        samples = gather(run).samples
        if samples is None or len(samples) < _FEWEST_SAMPLES:
            return f"run {run.id} has fewer than {_FEWEST_SAMPLES} samples of stacks"
    return ""


PLUGIN = Kind(
    name="functions",
    summary="a function of the target's own code, as samples of its stacks saw it",
    metrics=lambda metric: _UNITS.get(metric, ""),
    lacks=_lacks,
    read=read,
    least_share=0.005,
    is_part=True,
)
