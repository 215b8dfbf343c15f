"""Whether the frequency governor keeps the processor's clock up."""

from __future__ import annotations

from assay.observe.doctor.advice import on_host, on_metal
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

_SET = "echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor"
_LOST = "steady timings: the clock follows the load, so that short work runs slower than long work"


def _look(surroundings: Surroundings) -> Finding:
    cpu = surroundings.environment.cpu
    if cpu.governor is None:
        fault = Fault(
            reason=surroundings.why("/cpu/governor"),
            lost="whether the clock was steady: the machine below decides on it, unseen",
            enable=on_metal(surroundings, "sudo modprobe acpi-cpufreq"),
        )
        return missing("no frequency scaling is shown", fault)
    found = f"{cpu.governor} ({cpu.frequency_driver or 'driver unknown'})"
    if cpu.governor == "performance":
        return ok(found)
    reason = f"the governor is {cpu.governor}, not performance"
    return degraded(found, Fault(reason=reason, lost=_LOST, enable=on_host(surroundings, _SET)))


PLUGIN = Inspection("Frequency governor", _look)
