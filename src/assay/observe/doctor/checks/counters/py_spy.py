"""Whether the stack sampler is installed."""

from __future__ import annotations

from assay.observe.doctor.finding import Fault, Finding, Inspection, missing, ok
from assay.observe.doctor.surroundings import Surroundings
from assay.record.checks import CheckState


def _look(surroundings: Surroundings) -> Finding:
    place = surroundings.instruments.program("py-spy")
    if place:
        return ok("py-spy is there")
    fault = Fault(
        reason="py-spy is not installed, or not on PATH",
        lost="stacks of Pythons that Assay does not read itself (it reads CPython 3.8 to 3.13)",
        enable="pip install py-spy",
    )
    return missing("no py-spy", fault)


PLUGIN = Inspection("Python stack sampler (py-spy)", _look, frozenset({CheckState.OK, CheckState.MISSING}))
