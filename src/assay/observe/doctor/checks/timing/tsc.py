"""Whether the processor's time-stamp counter runs evenly, and the kernel uses it."""

from __future__ import annotations

from assay.observe.doctor.advice import on_host
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

_FLAGS = ("constant_tsc", "nonstop_tsc")
_EVEN_SOURCES = ("tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page", "xen")
_LOST = "timestamps taken on different cores, or across changes of frequency, may disagree"
_USE_TSC = "echo tsc | sudo tee /sys/devices/system/clocksource/clocksource0/current_clocksource"


def _look(surroundings: Surroundings) -> Finding:
    features, source = surroundings.environment.cpu.features, surroundings.environment.kernel.clock_source
    if source is None or features is None:
        reason = surroundings.why("/kernel/clock_source" if source is None else "/cpu/features")
        enable = "mount /proc and /sys where Assay runs: mount -t sysfs sysfs /sys"
        return missing("nothing", Fault(reason=reason, lost=_LOST, enable=enable))
    lacking = [flag for flag in _FLAGS if flag not in features]
    found = f"clock source {source}; " + (f"flags missing: {', '.join(lacking)}" if lacking else "invariant counter")
    if source == "arch_sys_counter" or (source in _EVEN_SOURCES and not lacking):
        return ok(found)
    if source in _EVEN_SOURCES:
        reason = "the processor, or the hypervisor in front of it, does not promise an invariant counter"
        enable = "use a machine with constant_tsc and nonstop_tsc; in QEMU: -cpu host,+invtsc"
        return degraded(found, Fault(reason=reason, lost=_LOST, enable=enable))
    reason = f"the kernel chose {source}, often because it found the counters of the cores out of step"
    return degraded(found, Fault(reason=reason, lost=_LOST, enable=on_host(surroundings, _USE_TSC)))


PLUGIN = Inspection("Time-stamp counter", _look)
