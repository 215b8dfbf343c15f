"""Whether a hypervisor takes processor time away."""

from __future__ import annotations

from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

LARGEST_SHARE = 0.01
_LOST = "time that the target really had: others on the same host ran in between, unseen"


def _look(surroundings: Surroundings) -> Finding:
    steal = surroundings.environment.load.steal
    if steal is None:
        enable = "mount /proc where Assay runs: mount -t proc proc /proc"
        fault = Fault(reason=surroundings.why("/load/steal"), lost=_LOST, enable=enable)
        return missing("nothing", fault)
    found = f"{steal:.2%} of the time since boot"
    if steal <= LARGEST_SHARE:
        return ok(found)
    fault = Fault(
        reason="the host gave this share of the time to other machines",
        lost=_LOST,
        enable="take a machine with dedicated processors, or measure at another time and compare interleaved",
    )
    return degraded(found, fault)


PLUGIN = Inspection("Stolen time", _look)
