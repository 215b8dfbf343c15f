"""Whether two processors share one core."""

from __future__ import annotations

from assay.observe.doctor.advice import on_host
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings


def _look(surroundings: Surroundings) -> Finding:
    cpu = surroundings.environment.cpu
    if cpu.smt_active is None:
        fault = Fault(
            reason=surroundings.why("/cpu/smt_active"),
            lost="whether a neighbour on the same core took part of its speed",
            enable="mount /sys where Assay runs: mount -t sysfs sysfs /sys",
        )
        return missing("nothing", fault)
    found = f"{cpu.logical_cpus} processors on {cpu.physical_cores} cores"
    if not cpu.smt_active:
        return ok(found)
    fault = Fault(
        reason="simultaneous multi-threading is on: two processors share each core",
        lost="timings that no neighbour disturbs; physical peaks count cores, not processors",
        enable=on_host(surroundings, "echo off | sudo tee /sys/devices/system/cpu/smt/control"),
    )
    return degraded(found, fault)


PLUGIN = Inspection("Simultaneous multi-threading", _look)
