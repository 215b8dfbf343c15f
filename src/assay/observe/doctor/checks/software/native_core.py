"""Which core of the software GPU is used, with which instructions."""

from __future__ import annotations

from assay.observe.doctor.advice import install
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, ok
from assay.observe.doctor.surroundings import Surroundings
from assay.record.checks import CheckState


def _look(surroundings: Surroundings) -> Finding:
    core = surroundings.instruments.core()
    found = f"{core.core} core, {core.isa or 'no'} kernels, built by {core.compiler or 'no compiler'}"
    if core.core != "native":
        compiler = install(surroundings, debian="g++ python3-dev", fedora="gcc-c++ python3-devel")
        fault = Fault(
            reason=core.reason or "the native core is not installed",
            lost="speed: every kernel runs in Python, and spans inside kernels are not seen",
            enable=f"{compiler} && ASSAY_REQUIRE_NATIVE=1 pip install --force-reinstall --no-deps assay",
        )
        return degraded(found, fault)
    if core.isa == "portable" and len(core.isas) > 1:
        fault = Fault(
            reason=core.reason or f"ASSAY_ISA chose portable kernels, but {core.isas[-1]} ones are there",
            lost="several times the speed of the native kernels",
            enable="unset ASSAY_ISA",
        )
        return degraded(found, fault)
    return ok(found)


PLUGIN = Inspection("Native core", _look, frozenset({CheckState.OK, CheckState.DEGRADED}))
