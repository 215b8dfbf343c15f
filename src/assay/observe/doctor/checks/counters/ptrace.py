"""Whether other processes may be looked into, as samplers do."""

from __future__ import annotations

from assay.observe.doctor.advice import container_flag, on_host
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

_SCOPES = ("any process of the same user", "own children only", "administrators only", "nobody")
_ALLOW = "sudo sysctl kernel.yama.ptrace_scope=0"


def _look(surroundings: Surroundings) -> Finding:
    stated = surroundings.sources.integer("proc/sys/kernel/yama/ptrace_scope")
    scope = stated if isinstance(stated, int) and 0 <= stated < len(_SCOPES) else 0
    privileged = surroundings.may("ptrace")
    limits = _SCOPES[scope] if isinstance(stated, int) else "not restricted (no Yama)"
    found = f"ptrace: {limits}; this process {'has' if privileged else 'lacks'} CAP_SYS_PTRACE"
    if scope == 0 or (privileged and scope < 3):
        return ok(found)
    reason = f"kernel.yama.ptrace_scope is {scope}: {_SCOPES[scope]}"
    if scope == 3:
        enable = f"{on_host(surroundings, _ALLOW)}, then restart: this level can't be lowered while running"
        return missing(found, Fault(reason=reason, lost="stacks of any process", enable=enable))
    enable = container_flag(surroundings, "--cap-add SYS_PTRACE", _ALLOW)
    if scope == 2:
        return missing(found, Fault(reason=reason, lost="stacks of any process", enable=enable))
    lost = "stacks of processes that Assay did not start itself"
    return degraded(found, Fault(reason=reason, lost=lost, enable=enable))


PLUGIN = Inspection("Looking into processes (ptrace)", _look)
