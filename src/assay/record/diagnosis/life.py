"""A line of the journal of the process tree."""

from __future__ import annotations

from typing import Literal

from assay.record.base import Count, Instant, Record, Text


class Life(Record, kw_only=True):
    """Something that happened to a process of the target's tree, as the sampler noticed it."""

    time_ns: Instant
    """When it was noticed, CLOCK_MONOTONIC."""
    event: Literal["seen", "program", "gone"]
    """First seen, running another program since the last look, or gone."""
    pid: Count
    """Process."""
    parent: Count | None = None
    """Its parent when it was first seen."""
    start_ticks: Count | None = None
    """Kernel's start time in clock ticks since boot: tells apart processes that had the same number."""
    executable: Text | None = None
    """File of the program; null where it can't be read."""
    name: Text | None = None
    """Name the kernel shows."""
    argv: tuple[Text, ...] | None = None
    """Command line, secrets masked; null where it can't be read."""
    python: Text | None = None
    """Version of the Python it runs, from its executable and mapped libraries; null where it runs none."""
