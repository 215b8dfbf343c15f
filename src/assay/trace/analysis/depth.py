"""Attention against the depth of the context, and what keys and values take."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assay.record.documents.inference.trace import DepthSlope, KeysAndValues
from assay.record.enums import Phase, TraceStep
from assay.stats.trend import slope_interval, theil_sen
from assay.trace.analysis.frame import NameTable
from assay.trace.analysis.sample import Sample

Integers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]

_FEWEST_TOKENS = 8


def depth_slope(sample: Sample, names: NameTable) -> DepthSlope:
    """How much longer attention of a decoded token takes for each token before it."""
    depth, wall_ns = _per_token(sample, names, "wall_ns")
    if len(depth) < _FEWEST_TOKENS:
        return _no_slope(f"{len(depth)} decoded tokens with attention in every layer, {_FEWEST_TOKENS} are needed")
    found = slope_interval(depth, wall_ns)
    if found is None:
        return _no_slope("all decoded tokens have contexts of the same depth")
    return DepthSlope(
        ns_per_token=found.slope,
        low=found.low,
        high=found.high,
        tokens=len(depth),
        shortest=int(depth.min()),
        longest=int(depth.max()),
        reason="",
    )


def keys_and_values(sample: Sample, names: NameTable) -> KeysAndValues:
    """The most that was held, and its growth."""
    depth, held = _per_token(sample, names, "kv_bytes", Phase.DECODE, Phase.PREFILL)
    if not len(held):
        return KeysAndValues(most_bytes=None, per_token_bytes=None, reason="no event of attention states its kv_bytes")
    growth = theil_sen(depth, held)
    reason = "" if growth else "it does not grow from token to token"
    return KeysAndValues(most_bytes=int(held.max()), per_token_bytes=growth or None, reason=reason)


def _per_token(sample: Sample, names: NameTable, column: str, *phases: Phase) -> tuple[Reals, Reals]:
    """Depth and sum over all layers, for every token that has all layers; in order of depth."""
    wanted = [names.code(phase) for phase in phases or (Phase.DECODE,)]
    columns = sample.columns()
    chosen = (columns["step"] == names.code(TraceStep.ATTENTION)) & np.isin(columns["phase"], wanted)
    mine = {name: columns[name][chosen & (columns[column] >= 0)] for name in ("key", "token", column)}
    if not len(mine["key"]):
        return np.zeros(0), np.zeros(0)
    _, first, inverse, counts = np.unique(mine["key"], return_index=True, return_inverse=True, return_counts=True)
    sums = np.bincount(inverse, mine[column])
    whole = counts == np.bincount(counts).argmax()
    depth = mine["token"][first][whole].astype(np.float64)
    order = np.argsort(depth, kind="stable")
    return depth[order], sums[whole][order]


def _no_slope(reason: str) -> DepthSlope:
    return DepthSlope(ns_per_token=None, low=None, high=None, tokens=0, shortest=None, longest=None, reason=reason)
