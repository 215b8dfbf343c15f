"""Whether an idle processor falls so deep asleep that waking takes long."""

from __future__ import annotations

import re

from assay.observe.doctor.advice import on_host, on_metal
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

_SHALLOW = re.compile(r"POLL|C1E?(?:_ACPI)?|WFI|haltpoll.*|.*[Pp]oll.*|HALT", re.IGNORECASE)


def _look(surroundings: Surroundings) -> Finding:
    states = surroundings.environment.cpu.idle_states
    if states is None:
        fault = Fault(
            reason=surroundings.why("/cpu/idle_states"),
            lost="how long a sleeping processor takes to wake, which adds to short timings",
            enable=on_metal(surroundings, "sudo modprobe intel_idle || sudo modprobe processor"),
        )
        return missing("no idle states are shown", fault)
    found = ", ".join(states) or "none enabled"
    deep = [state for state in states if not _SHALLOW.fullmatch(state)]
    if not deep:
        return ok(found)
    fault = Fault(
        reason=f"deep idle states are enabled: {', '.join(deep)}",
        lost="steady timings after a wait: waking from them takes tens to hundreds of microseconds",
        enable=on_host(surroundings, "sudo cpupower idle-set -D 10"),
    )
    return degraded(found, fault)


PLUGIN = Inspection("Idle states", _look)
