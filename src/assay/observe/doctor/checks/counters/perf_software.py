"""Whether the kernel's own counters can be opened."""

from __future__ import annotations

from assay.observe.doctor.finding import Finding, Inspection
from assay.observe.doctor.perf_findings import try_events
from assay.observe.doctor.surroundings import Surroundings

EVENTS = ("task-clock", "page-faults", "context-switches")


def _look(surroundings: Surroundings) -> Finding:
    return try_events(surroundings, EVENTS, "page faults and context switches per thread, at their time")


PLUGIN = Inspection("Software performance counters (perf)", _look)
