"""Whether the processor's own counters can be opened."""

from __future__ import annotations

from assay.observe.doctor.finding import Finding, Inspection
from assay.observe.doctor.perf_findings import try_events
from assay.observe.doctor.surroundings import Surroundings

EVENTS = ("cycles", "instructions", "cache-misses", "branch-misses")


def _look(surroundings: Surroundings) -> Finding:
    return try_events(surroundings, EVENTS, "instructions per cycle, cache misses and branch misses")


PLUGIN = Inspection("Hardware performance counters (perf)", _look)
