"""Whether the machine is idle enough."""

from __future__ import annotations

from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

LARGEST_SHARE = 0.5
_LOST = "timings that show the target alone"


def _look(surroundings: Surroundings) -> Finding:
    load, cpus = surroundings.environment.load.load_1m, surroundings.environment.cpu.logical_cpus
    if load is None or not cpus:
        reason = surroundings.why("/load/load_1m" if load is None else "/cpu/logical_cpus")
        enable = "mount /proc where Assay runs: mount -t proc proc /proc"
        return missing("nothing", Fault(reason=reason, lost=_LOST, enable=enable))
    found = f"{load:.2f} runnable tasks over the last minute, {cpus} processors"
    if load <= LARGEST_SHARE * cpus:
        return ok(found)
    fault = Fault(
        reason="other programs are running",
        lost=_LOST,
        enable="wait, or stop what is busy: ps -eo pcpu,comm --sort=-pcpu | head",
    )
    return degraded(found, fault)


PLUGIN = Inspection("Load", _look)
