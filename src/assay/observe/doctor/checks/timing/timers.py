"""Whether the clocks of spans are fine and cheap enough."""

from __future__ import annotations

from assay.observe.doctor.advice import on_host
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

COARSE_NS = 1000
"""A step or a reading of a microsecond hides a small kernel's time."""
_USE_TSC = "echo tsc | sudo tee /sys/devices/system/clocksource/clocksource0/current_clocksource"


def _look(surroundings: Surroundings) -> Finding:
    wall = surroundings.instruments.read_clock("monotonic")
    thread = surroundings.instruments.read_clock("thread")
    found = (
        f"monotonic clock: steps of {wall.step_ns} ns, {wall.cost_ns} ns a reading; "
        f"thread's processor clock: steps of {thread.step_ns} ns, {thread.cost_ns} ns a reading"
    )
    source = surroundings.environment.kernel.clock_source or "unknown"
    enable = on_host(surroundings, _USE_TSC)
    if not wall.step_ns:
        stuck = Fault(reason="the monotonic clock did not advance", lost="every duration", enable=enable)
        return missing(found, stuck)
    if max(wall.step_ns, wall.cost_ns) < COARSE_NS:
        return ok(found)
    reason = f"the kernel's clock source is {source}, and reading it is coarse or slow"
    lost = f"durations below {10 * max(wall.step_ns, wall.cost_ns) / 1000:.0f} µs are not to be trusted"
    return degraded(found, Fault(reason=reason, lost=lost, enable=enable))


PLUGIN = Inspection("Timers and their resolution", _look)
