"""Whether temperatures are seen, and whether heat has slowed the processor down."""

from __future__ import annotations

from assay.observe.doctor.advice import install, on_metal
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings


def _look(surroundings: Surroundings) -> Finding:
    load, events = surroundings.environment.load, surroundings.environment.cpu.throttle_events
    if load.temperature_c is None:
        sensors = install(surroundings, debian="lm-sensors", fedora="lm_sensors")
        fault = Fault(
            reason=surroundings.why("/load/temperature_c"),
            lost="whether heat slowed a run down",
            enable=on_metal(surroundings, f"{sensors} && sudo sensors-detect"),
        )
        return missing("no sensor of the processor", fault)
    found = f"{load.temperature_c:.0f} °C; {'unknown' if events is None else events} throttling events since boot"
    if not events:
        return ok(found)
    fault = Fault(
        reason=f"the processor has been slowed down by heat {events} times since boot",
        lost="steady timings of long runs",
        enable="let it cool down and see to its cooling; watch it with: watch -n1 grep . /sys/class/thermal/*/temp",
    )
    return degraded(found, fault)


PLUGIN = Inspection("Temperature and throttling", _look)
