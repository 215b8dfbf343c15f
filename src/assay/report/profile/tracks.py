"""What each thread executed, one stretch after the other."""

from __future__ import annotations

import numpy as np

from assay.analyze.evidence.gather import Evidence
from assay.analyze.evidence.lines import Samples
from assay.report.profile.programs import program_name
from assay.report.profile.stacks import Forest
from assay.report.profile.tables import Track


def tracks_of(evidence: Evidence, forest: Forest) -> tuple[Track, ...]:
    """A track per thread that was sampled; neighbouring samples of one stack are one stretch."""
    samples = evidence.samples
    if samples is None:
        return ()
    return tuple(_track(samples, rows, evidence.start_ns, forest) for rows in samples.threads())


def _track(samples: Samples, part: slice, start_ns: int, forest: Forest) -> Track:
    pid, tid = int(samples.pid[part.start]), int(samples.tid[part.start])
    program = program_name(forest.programs, pid)
    rows = forest.rows[program][samples.node[part]]
    ends = (samples.time_ns[part] - start_ns) / 1e9
    lengths = samples.seconds[part].sum(axis=1, dtype=np.float64)
    # a sample stands for the time before it, but never reaches into the one before
    starts = np.maximum(ends - lengths, np.concatenate(([-np.inf], ends[:-1])))
    joined = (np.diff(rows) == 0) & (starts[1:] <= ends[:-1] + 1e-6)
    first = np.concatenate(([True], ~joined))
    last = np.concatenate((~joined, [True]))
    return Track(pid=pid, tid=tid, program=program, start_s=starts[first], end_s=ends[last], row=rows[first])
