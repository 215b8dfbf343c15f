"""Whether memory has been swapped out."""

from __future__ import annotations

from assay.observe.doctor.advice import on_host
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

_MIB = 1024**2
_LOST = "steady timings: a page that was swapped out is read from storage first"


def _look(surroundings: Surroundings) -> Finding:
    memory = surroundings.environment.memory
    if memory.swap_used_bytes is None or memory.swap_total_bytes is None:
        enable = "mount /proc where Assay runs: mount -t proc proc /proc"
        return missing("nothing", Fault(reason=surroundings.why("/memory/swap_used_bytes"), lost=_LOST, enable=enable))
    found = f"{memory.swap_used_bytes / _MIB:.0f} of {memory.swap_total_bytes / _MIB:.0f} MiB in use"
    if not memory.swap_used_bytes:
        return ok(found)
    enable = on_host(surroundings, "sudo swapoff -a && sudo swapon -a")
    return degraded(found, Fault(reason="some memory is swapped out", lost=_LOST, enable=enable))


PLUGIN = Inspection("Swap", _look)
