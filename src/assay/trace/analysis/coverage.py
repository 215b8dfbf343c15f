"""How much of the requests' time lies in steps, and whether two steps of one thread claim the same time."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from assay.record.documents.inference.trace import Uncovered
from assay.trace.analysis.frame import Frame

Integers = npt.NDArray[np.int64]


@dataclass
class _Track:
    """What one thread did for one invocation."""

    start_ns: int
    end_ns: int
    steps_ns: int = 0
    parts_ns: int = 0


@dataclass
class Coverage:
    """Gathers frames, in memory that grows with requests and threads."""

    tracks: dict[tuple[int, int], _Track] = field(default_factory=dict)
    requests: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    """Thread to the requests that were stamped on it: start, end, invocation."""
    overlap_ns: int = 0
    _last_end: dict[int, int] = field(default_factory=dict)

    def add(self, frame: Frame) -> None:
        """Count events in."""
        self._add_requests(frame)
        kept = ~frame.is_request
        if not kept.any():
            return
        key = (frame.thread[kept] + 1) * (1 << 32) + frame.invocation[kept] + 1
        order = np.argsort(key, kind="stable")
        present, begins = np.unique(key[order], return_index=True)
        is_step = frame.is_step[kept][order]
        own = frame.self_ns[kept][order]
        starts, ends = frame.start_ns[kept][order], frame.end_ns[kept][order]
        columns = zip(
            present.tolist(),
            np.minimum.reduceat(starts, begins).tolist(),
            np.maximum.reduceat(ends, begins).tolist(),
            np.add.reduceat(np.where(is_step, own, 0), begins).tolist(),
            np.add.reduceat(np.where(is_step, 0, own), begins).tolist(),
            strict=True,
        )
        for pair, start_ns, end_ns, steps_ns, parts_ns in columns:
            track = self.tracks.setdefault((pair >> 32, pair & 0xFFFFFFFF), _Track(start_ns, end_ns))
            track.start_ns, track.end_ns = min(track.start_ns, start_ns), max(track.end_ns, end_ns)
            track.steps_ns += steps_ns
            track.parts_ns += parts_ns
        self._add_overlap(frame)

    def threads(self) -> int:
        """Threads that have events."""
        return len({thread for thread, _ in self.tracks} | set(self.requests))

    def uncovered(self) -> Uncovered:
        """The row of its own."""
        total_ns = covered_ns = 0
        of_steps = any(track.steps_ns for track in self.tracks.values())
        for thread, spans in self._extents().items():
            total_ns += _union_ns(spans)
            mine = [track for (other, _), track in self._counted().items() if other == thread]
            covered_ns += sum(track.steps_ns if of_steps else track.parts_ns for track in mine)
        gap_ns = max(0, total_ns - covered_ns)
        return Uncovered(
            total_ns=total_ns,
            uncovered_ns=gap_ns,
            share=gap_ns / total_ns if total_ns else 0.0,
            overlap_ns=self.overlap_ns,
        )

    def _counted(self) -> dict[tuple[int, int], _Track]:
        """Tracks of requests; where no event belongs to one, all."""
        of_requests = {key: track for key, track in self.tracks.items() if key[1]}
        return of_requests or self.tracks

    def _extents(self) -> dict[int, list[tuple[int, int]]]:
        """For each thread that serves requests, from when to when it does."""
        if self.requests:
            return {thread: [(start, end) for start, end, _ in spans] for thread, spans in self.requests.items()}
        extents: dict[int, list[tuple[int, int]]] = {}
        for (thread, _), track in self._counted().items():
            extents.setdefault(thread, []).append((track.start_ns, track.end_ns))
        return extents

    def _add_requests(self, frame: Frame) -> None:
        for row in np.flatnonzero(frame.is_request).tolist():
            spans = self.requests.setdefault(int(frame.thread[row]) + 1, [])
            start_ns = int(frame.start_ns[row])
            spans.append((start_ns, start_ns + int(frame.wall_ns[row]), int(frame.invocation[row])))

    def _add_overlap(self, frame: Frame) -> None:
        steps = np.flatnonzero(frame.is_step)
        for thread in np.unique(frame.thread[steps]).tolist():
            mine = steps[frame.thread[steps] == thread]
            mine = mine[np.argsort(frame.start_ns[mine], kind="stable")]
            starts, ends = frame.start_ns[mine], frame.end_ns[mine]
            before = np.maximum.accumulate(np.concatenate(([self._last_end.get(thread, starts[0])], ends[:-1])))
            self.overlap_ns += int(np.clip(np.minimum(before, ends) - starts, 0, None).sum())
            self._last_end[thread] = max(int(ends.max()), int(before[-1]))


def _union_ns(spans: list[tuple[int, int]]) -> int:
    total_ns, until_ns = 0, -(2**63)
    for start_ns, end_ns in sorted(spans):
        total_ns += max(0, end_ns - max(start_ns, until_ns))
        until_ns = max(until_ns, end_ns)
    return total_ns
