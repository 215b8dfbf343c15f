"""The target's own source files with the time of their lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assay.analyze.evidence.gather import Evidence
from assay.analyze.evidence.waits import CLOCKS
from assay.record.diagnosis.findings import Clock
from assay.report.profile.stacks import per_frame
from assay.report.profile.tables import HeatFile

Seconds = NDArray[np.float64]


def heat_of(evidence: Evidence) -> tuple[HeatFile, ...]:
    """Every kept file that took time, the hottest first; a sample counts at the innermost line of own code."""
    samples, frames = evidence.samples, evidence.frames
    if samples is None or frames is None or not len(samples):
        return ()
    sites = frames.site[samples.node]
    inside = sites >= 0
    spent = per_frame(sites[inside], samples.seconds[inside], len(frames))
    lines: dict[tuple[str, int], Seconds] = {}
    for site in np.unique(sites[inside]).tolist():
        key = (frames.file(site), int(frames.line[site]))
        lines[key] = lines.get(key, 0.0) + spent[site]
    found = [
        HeatFile(
            path=path,
            lines=tuple(text.splitlines()),
            seconds={line: _named(times) for (file, line), times in sorted(lines.items()) if file == path},
        )
        for path, text in evidence.sources.files.items()
    ]
    return tuple(sorted((one for one in found if one.seconds), key=lambda one: (-_total(one), one.path)))


def _named(spent: Seconds) -> dict[Clock, float]:
    return {clock: seconds for clock, seconds in zip(CLOCKS, spent.tolist(), strict=True) if seconds > 0}


def _total(one: HeatFile) -> float:
    return sum(sum(clocks.values()) for clocks in one.seconds.values())
