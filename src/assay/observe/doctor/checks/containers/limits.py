"""Whether control groups hold this process back."""

from __future__ import annotations

from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings
from assay.record.environment import Container

_GIB = 1024**3


def _look(surroundings: Surroundings) -> Finding:
    container, cpu = surroundings.environment.container, surroundings.environment.cpu
    if container.cgroup_version is None:
        fault = Fault(
            reason=surroundings.why("/container/cgroup_version"),
            lost="whether a limit of time or memory slowed a run down",
            enable="mount -t cgroup2 none /sys/fs/cgroup",
        )
        return missing("no control groups are seen", fault)
    found = _described(container)
    quota, cores = container.cpu_quota_cores, len(cpu.affinity or ()) or cpu.logical_cpus or 0
    if container.throttled_periods:
        reason = f"the group has been stopped in {container.throttled_periods} periods for having used up its time"
    elif quota is not None and quota < cores:
        reason = f"the group may use {quota:g} cores' time, but sees {cores} processors"
    else:
        return ok(found)
    fault = Fault(
        reason=reason,
        lost="steady timings: threads run fast, then stand still until the next period",
        enable="give whole processors: docker run --cpuset-cpus 0-3 …, or raise the share: docker update --cpus N NAME",
    )
    return degraded(found, fault)


def _described(container: Container) -> str:
    quota = "no limit" if container.cpu_quota_cores is None else f"{container.cpu_quota_cores:g} cores"
    memory = "no limit" if container.memory_limit_bytes is None else f"{container.memory_limit_bytes / _GIB:.1f} GiB"
    throttled = (container.throttled_ns or 0) / 1e9
    where = f"{container.runtime or 'unknown'}, control groups version {container.cgroup_version}"
    return f"{where}; processor time: {quota}, throttled {throttled:.1f} s so far; memory: {memory}"


PLUGIN = Inspection("Limits of this container or group", _look)
