"""Types of a profile: plain columns, so that whoever draws or exports them needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.record.diagnosis.findings import Clock


@dataclass(frozen=True, kw_only=True)
class Stacks:
    """A tree of frames as columns: a frame's caller stands before it."""

    parent: tuple[int, ...]
    """Row of the caller; -1 for a program, which is the outermost frame of its stacks."""
    function: tuple[str, ...]
    """Name."""
    file: tuple[str, ...]
    """Source file or library; empty where it is not known."""
    line: tuple[int, ...]
    """Line being executed; 0 where there is none."""
    seconds: NDArray[np.float64]
    """Time of the frame itself: one row per frame, one column per clock of ``CLOCKS``."""

    def __len__(self) -> int:
        return len(self.parent)

    def path(self, row: int) -> list[int]:
        """The frame and its callers, outermost first."""
        found = []
        while row >= 0:
            found.append(row)
            row = self.parent[row]
        return found[::-1]


@dataclass(frozen=True, kw_only=True)
class Track:
    """What one thread executed over time."""

    pid: int
    tid: int
    program: str
    start_s: NDArray[np.float64]
    """Start of each stretch, since the start of the run."""
    end_s: NDArray[np.float64]
    """Its end; no later than the next one's start."""
    row: NDArray[np.int64]
    """Innermost frame meanwhile: a row of ``Stacks``."""


@dataclass(frozen=True, kw_only=True)
class HeatFile:
    """One source file of the target and the time of its lines."""

    path: str
    lines: tuple[str, ...]
    """Its text."""
    seconds: Mapping[int, Mapping[Clock, float]]
    """Time by line and clock, of the lines that have any."""


@dataclass(frozen=True, kw_only=True)
class ThreadLine:
    """One thread, or several together, over time."""

    name: str
    shares: Mapping[Clock, tuple[int, ...]]
    """Per cent of each stretch by clock; clocks that never ran are left out."""


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """All threads over time."""

    wall_s: float
    stretches: int
    """Pieces of equal length that the run is cut into."""
    threads: tuple[ThreadLine, ...]


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Everything that pictures and exports of a run show."""

    stacks: Stacks
    tracks: tuple[Track, ...]
    heat: tuple[HeatFile, ...]
    timeline: Timeline | None
    samples: int
    """Stack samples behind it."""
