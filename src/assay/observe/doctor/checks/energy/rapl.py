"""Whether the processor's energy counters are there, and may be read."""

from __future__ import annotations

from assay.observe.doctor.advice import container_flag, on_metal
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

_LOST = "energy of the processor and of main memory"
_PERMIT = "sudo chmod a+r /sys/class/powercap/*/energy_uj"
_MOUNT = "-v /sys/devices/virtual/powercap:/sys/devices/virtual/powercap:ro --security-opt systempaths=unconfined"


def _look(surroundings: Surroundings) -> Finding:
    zones = surroundings.environment.rapl
    if not zones:
        reason = surroundings.why("/rapl") if zones is None else "/sys/class/powercap holds no RAPL zones"
        enable = on_metal(surroundings, "sudo modprobe intel_rapl_msr")
        return missing("no zones", Fault(reason=reason, lost=_LOST, enable=enable))
    unreadable = [zone.name for zone in zones if not zone.readable]
    found = ", ".join(f"{zone.name} ({zone.interface}{'' if zone.readable else ', not readable'})" for zone in zones)
    if not unreadable:
        return ok(found)
    enable = container_flag(surroundings, _MOUNT, _PERMIT)
    reason = f"no permission to read {', '.join(unreadable)}: since 2020 kernels let only root read them"
    if len(unreadable) == len(zones):
        return missing(found, Fault(reason=reason, lost=_LOST, enable=enable))
    lost = f"energy of {', '.join(unreadable)}"
    return degraded(found, Fault(reason=reason, lost=lost, enable=enable))


PLUGIN = Inspection("Processor energy counters (RAPL)", _look)
