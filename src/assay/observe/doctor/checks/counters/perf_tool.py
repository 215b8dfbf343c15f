"""Whether perf itself is installed."""

from __future__ import annotations

from assay.observe.doctor.advice import install
from assay.observe.doctor.finding import Fault, Finding, Inspection, missing, ok
from assay.observe.doctor.surroundings import Surroundings
from assay.record.checks import CheckState


def _look(surroundings: Surroundings) -> Finding:
    place = surroundings.instruments.program("perf")
    if place:
        return ok(f"perf at {place}")
    fault = Fault(
        reason="perf is not installed, or not on PATH",
        lost="which native functions run and what calls them, and how often which system call is made",
        enable=install(surroundings, debian="linux-perf  (Ubuntu: linux-tools-generic)", fedora="perf"),
    )
    return missing("no perf", fault)


PLUGIN = Inspection("Native sampler (perf)", _look, frozenset({CheckState.OK, CheckState.MISSING}))
