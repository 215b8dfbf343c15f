"""Whether the clock may exceed its base frequency."""

from __future__ import annotations

from assay.observe.doctor.advice import on_host, on_metal
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

_INTEL = "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo"
_OTHERS = "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost"


def _look(surroundings: Surroundings) -> Finding:
    enabled = surroundings.environment.cpu.turbo_enabled
    if enabled is None:
        fault = Fault(
            reason=surroundings.why("/cpu/turbo_enabled"),
            lost="whether turbo changed the clock during a run",
            enable=on_metal(surroundings, "sudo modprobe acpi-cpufreq"),
        )
        return missing("no switch is shown", fault)
    if not enabled:
        return ok("off: the clock stays at or below its base frequency")
    command = _INTEL if surroundings.sources.exists("sys/devices/system/cpu/intel_pstate/no_turbo") else _OTHERS
    fault = Fault(
        reason="turbo is on: the clock depends on temperature and on what other cores do",
        lost="runs that repeat within a percent or two; peaks are higher than the base frequency explains",
        enable=on_host(surroundings, command),
    )
    return degraded("on", fault)


PLUGIN = Inspection("Turbo", _look)
