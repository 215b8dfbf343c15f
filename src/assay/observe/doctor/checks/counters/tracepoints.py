"""Whether system calls can be counted by the kernel's tracepoints."""

from __future__ import annotations

from assay.observe.doctor.advice import container_flag
from assay.observe.doctor.finding import Fault, Finding, Inspection, missing, ok
from assay.observe.doctor.surroundings import Surroundings
from assay.record.checks import CheckState

_FOLDERS = ("sys/kernel/tracing/events/syscalls", "sys/kernel/debug/tracing/events/syscalls")
_READABLE = "sudo mount -o remount,mode=755 /sys/kernel/tracing && sudo sysctl kernel.perf_event_paranoid=-1"


def _look(surroundings: Surroundings) -> Finding:
    for folder in _FOLDERS:
        entries = surroundings.sources.entries(folder)
        if isinstance(entries, tuple) and entries:
            count = sum(1 for name in entries if name.startswith("sys_enter_"))
            return ok(f"{count} system calls can be counted")
    fault = Fault(
        reason="the kernel's tracepoints can't be read by this user, or are not mounted",
        lost="how often which system call is made",
        enable=container_flag(
            surroundings, "--cap-add PERFMON -v /sys/kernel/tracing:/sys/kernel/tracing:ro", _READABLE
        ),
    )
    return missing("no tracepoints", fault)


PLUGIN = Inspection("Counts of system calls (tracepoints)", _look, frozenset({CheckState.OK, CheckState.MISSING}))
