"""Whether work waits for processors, memory or storage just now."""

from __future__ import annotations

from assay.observe.doctor.advice import on_host
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

LARGEST_SHARE = 0.10
_LOOK_FOR = "find who is busy with: top -o %CPU (or: ps -eo pcpu,comm --sort=-pcpu | head), and stop it or wait"


def _look(surroundings: Surroundings) -> Finding:
    load = surroundings.environment.load
    shares = {"processors": load.cpu_pressure, "memory": load.memory_pressure, "storage": load.io_pressure}
    known = {name: share for name, share in shares.items() if share is not None}
    if not known:
        fault = Fault(
            reason=surroundings.why("/load/cpu_pressure"),
            lost="how much a run was held up by others",
            enable=on_host(surroundings, "add psi=1 to the kernel's command line, and start the machine anew"),
        )
        return missing("no pressure is measured", fault)
    found = ", ".join(f"{name} {share:.1%}" for name, share in known.items()) + " of the last 10 s"
    high = [name for name, share in known.items() if share > LARGEST_SHARE]
    if not high:
        return ok(found)
    reason = f"work is waiting for {' and '.join(high)}"
    lost = "timings that show the target alone; processor time per thread stays usable"
    return degraded(found, Fault(reason=reason, lost=lost, enable=_LOOK_FOR))


PLUGIN = Inspection("Pressure", _look)
