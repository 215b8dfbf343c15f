"""Where the wall time of a run went: at each moment, what the thread did that the run waited for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from assay.analyze.evidence.clocks import Thread, ThreadClocks
from assay.analyze.evidence.waits import CLOCKS, INDEX
from assay.record.diagnosis.findings import Clock

Floats = NDArray[np.float64]

_SLICES = 2_000
"""Parts that the run is cut into; a thread decides each of them alone."""
_ON_OTHERS = (Clock.CHILD, Clock.LOCK, Clock.PIPE, Clock.IDLE)
"""Waiting that somebody else of the tree may cause: what that one does then is what the run waits for."""
_DOING = (Clock.CPU, Clock.GIL, Clock.RUN_QUEUE, Clock.DISK, Clock.NETWORK, Clock.SLEEP)
"""What a thread that others wait for may do, the most telling first."""


def wall_clocks(clocks: Mapping[Thread, ThreadClocks], root: Thread, start_ns: int, end_ns: int) -> Floats:
    """Seconds per clock from start to end; they add up to the time between, unknown where nobody looked."""
    edges = np.linspace(start_ns, end_ns, _SLICES + 1)
    length_s = (end_ns - start_ns) / 1e9 / _SLICES
    if root not in clocks:
        total = np.zeros(len(CLOCKS))
        total[INDEX[Clock.UNKNOWN]] = length_s * _SLICES
        return total
    own = _on_grid(clocks[root], edges)
    others = [_on_grid(one, edges) for thread, one in sorted(clocks.items()) if thread != root]
    shares = _with_others(own, _busiest(others, len(own)))
    covered = shares.sum(axis=1)
    shares[:, INDEX[Clock.UNKNOWN]] += np.maximum(0.0, 1.0 - covered)
    return np.asarray(shares.sum(axis=0) * length_s)


def _on_grid(one: ThreadClocks, edges: Floats) -> Floats:
    """Shares of each slice per clock, 0 where the thread was not there."""
    lengths = np.diff(one.edges_ns).astype(np.float64)
    running = np.vstack([np.zeros(len(CLOCKS)), np.cumsum(one.shares * lengths[:, None], axis=0)])
    at_edges = np.stack([np.interp(edges, one.edges_ns, running[:, clock]) for clock in range(len(CLOCKS))], axis=1)
    return np.asarray(np.diff(at_edges, axis=0) / np.diff(edges)[:, None])


def _busiest(others: list[Floats], slices: int) -> Floats:
    """For each slice, the clocks of the thread that did most in it."""
    best = np.zeros((slices, len(CLOCKS)))
    most = np.zeros(slices)
    weights = np.zeros(len(CLOCKS))
    weights[[INDEX[clock] for clock in _DOING]] = np.linspace(1.0, 0.5, len(_DOING))
    for one in others:
        doing = one @ weights
        better = doing > most
        best[better], most[better] = one[better], doing[better]
    return best


def _with_others(own: Floats, busiest: Floats) -> Floats:
    """Waiting for others is replaced by what the busiest of them did, as far as that goes."""
    columns = [INDEX[clock] for clock in _ON_OTHERS]
    waiting = own[:, columns].sum(axis=1)
    doing = busiest.copy()
    doing[:, [column for column in range(len(CLOCKS)) if CLOCKS[column] not in _DOING]] = 0.0
    done = doing.sum(axis=1)
    moved = np.minimum(waiting, done)
    result = own.copy()
    result[:, columns] *= np.divide(waiting - moved, waiting, out=np.ones_like(waiting), where=waiting > 0)[:, None]
    taken: Floats = doing * np.divide(moved, done, out=np.zeros_like(done), where=done > 0)[:, None]
    return result + taken
