"""What an attempt to open performance counters means, and what would let it succeed."""

from __future__ import annotations

import errno
import os

from assay.observe.doctor.advice import BARE_METAL, container_flag, install
from assay.observe.doctor.finding import Fault, Finding, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

_NO_COUNTER = {errno.ENOENT, errno.EOPNOTSUPP, errno.ENODEV}
_PERMIT = "sudo sysctl kernel.perf_event_paranoid=1"


def try_events(surroundings: Surroundings, events: tuple[str, ...], lost: str) -> Finding:
    """Open each event once with the kernel's part, and where that is refused without it."""
    whole = {event: surroundings.instruments.open_counter(event, "whole") for event in events}
    own = {event: surroundings.instruments.open_counter(event, "own") for event in events if whole[event]}
    level = surroundings.environment.kernel.perf_event_paranoid
    found = "; ".join(f"{event}: {_said(whole[event], own.get(event, 0))}" for event in events)
    found = f"{found} (perf_event_paranoid {'unknown' if level is None else level})"
    failed = {event: code for event, code in own.items() if code}
    if not own:
        return ok(found)
    code = next(iter(failed.values()), next(iter(whole.values())))
    fault = Fault(reason=_reason(code, level), lost=lost, enable=_remedy(surroundings, code))
    if len(failed) == len(events):
        return missing(found, fault)
    if failed:
        return degraded(found, Fault(reason=fault.reason, lost=f"{', '.join(failed)}", enable=fault.enable))
    reason = f"perf_event_paranoid is {level}: this user may count its own code, but not the kernel's part of it"
    return degraded(found, Fault(reason=reason, lost="the kernel's share of every count", enable=fault.enable))


def _said(whole: int, own: int) -> str:
    if not whole:
        return "yes"
    if not own:
        return "own code only"
    return "there is none" if own in _NO_COUNTER else f"no ({os.strerror(own).lower()})"


def _reason(code: int, level: int | None) -> str:
    if code in _NO_COUNTER:
        return "the processor shows no such counter, as in most virtual machines"
    if code == errno.ENOSYS:
        return "the kernel or the sandbox has no perf_event_open call"
    return (
        f"the kernel refuses it ({os.strerror(code)}); perf_event_paranoid is {'unknown' if level is None else level}"
    )


def _remedy(surroundings: Surroundings, code: int) -> str:
    if code in _NO_COUNTER:
        return f"{BARE_METAL}, or give the machine a virtual PMU (libvirt: <pmu state='on'/>)"
    if code == errno.ENOSYS:
        return f"use a kernel with CONFIG_PERF_EVENTS; {install(surroundings, debian='linux-perf', fedora='perf')}"
    return container_flag(surroundings, "--cap-add PERFMON --security-opt seccomp=unconfined", _PERMIT)
