"""Every thread over time, cut into stretches of equal length."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assay.analyze.evidence.clocks import ThreadClocks
from assay.analyze.evidence.gather import Evidence
from assay.analyze.evidence.waits import CLOCKS, INDEX
from assay.record.diagnosis.findings import Clock
from assay.report.profile.programs import program_name, program_names
from assay.report.profile.tables import ThreadLine, Timeline

_LOOKS_EVERY_S = 0.02
_MOST_STRETCHES = 2000
MOST_THREADS = 120
"""Threads with a row of their own; the others share the last row."""


def timeline_of(evidence: Evidence) -> Timeline | None:
    """All threads, the busiest first; None where none was looked at."""
    if not evidence.clocks or evidence.wall_s <= 0:
        return None
    stretches = stretches_of(evidence.wall_s)
    edges_ns = np.linspace(evidence.start_ns, evidence.end_ns, stretches + 1)
    names = program_names(evidence)
    weighed = sorted(evidence.clocks.items(), key=lambda item: (item[0] != evidence.root, -_work(item[1]), item[0]))
    lines = []
    for (pid, tid), clocks in weighed[:MOST_THREADS]:
        lines.append(_line(f"{program_name(names, pid)} {pid}/{tid}", _spent(clocks, edges_ns), edges_ns))
    rest = weighed[MOST_THREADS:]
    if rest:
        together: NDArray[np.float64] = sum(
            (_spent(clocks, edges_ns) for _, clocks in rest), np.zeros((stretches, len(CLOCKS)))
        )
        lines.append(_line(f"{len(rest)} more threads together", together / len(rest), edges_ns))
    return Timeline(wall_s=evidence.wall_s, stretches=stretches, threads=tuple(lines))


def stretches_of(wall_s: float) -> int:
    """As many as threads were looked at, so that zooming shows something; not more, and never too few to be drawn."""
    return max(200, min(_MOST_STRETCHES, round(wall_s / _LOOKS_EVERY_S)))


def _work(clocks: ThreadClocks) -> float:
    """Time in which the thread was not merely asleep."""
    asleep = [INDEX[Clock.SLEEP], INDEX[Clock.IDLE], INDEX[Clock.UNKNOWN]]
    return float(clocks.seconds.sum() - clocks.seconds[asleep].sum())


def _spent(clocks: ThreadClocks, edges_ns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Seconds by stretch and clock."""
    lengths = np.diff(clocks.edges_ns)[:, None] / 1e9
    sums = np.concatenate((np.zeros((1, len(CLOCKS))), np.cumsum(lengths * clocks.shares, axis=0)))
    at_edges = [np.interp(edges_ns, clocks.edges_ns, sums[:, clock]) for clock in range(len(CLOCKS))]
    return np.diff(np.stack(at_edges, axis=1), axis=0)


def _line(name: str, spent: NDArray[np.float64], edges_ns: NDArray[np.float64]) -> ThreadLine:
    length_s = float(edges_ns[1] - edges_ns[0]) / 1e9
    parts: Sequence[Sequence[int]] = np.rint(100 * spent / length_s).astype(int).T.tolist()
    used = {clock: tuple(parts[INDEX[clock]]) for clock in CLOCKS if any(parts[INDEX[clock]])}
    return ThreadLine(name=name, shares=used)
