"""The operating system and its clocks."""

from __future__ import annotations

import os
import re
import time

from assay.observe.environment.facts import Facts, Unknown, first, known
from assay.observe.environment.masking import mask_argv
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources

_KERNEL = "proc/sys/kernel"
_VULNERABILITIES = "sys/devices/system/cpu/vulnerabilities"


def _read(sources: Sources) -> Facts:
    return {
        "system": sources.text(f"{_KERNEL}/ostype"),
        "release": sources.text(f"{_KERNEL}/osrelease"),
        "version": sources.text(f"{_KERNEL}/version"),
        "distribution": first((_pretty_name(sources, "etc/os-release"), _pretty_name(sources, "usr/lib/os-release"))),
        "libc": _libc(),
        "command_line": _command_line(sources),
        "mitigations": _mitigations(sources),
        "clock_source": sources.text("sys/devices/system/clocksource/clocksource0/current_clocksource"),
        "clock_resolution_ns": max(1, round(time.get_clock_info("monotonic").resolution * 1e9)),
        "aslr": sources.integer(f"{_KERNEL}/randomize_va_space"),
        "perf_event_paranoid": sources.integer(f"{_KERNEL}/perf_event_paranoid"),
        "uptime_s": _uptime(sources),
    }


def _pretty_name(sources: Sources, name: str) -> str | Unknown:
    text = sources.text(name)
    if isinstance(text, Unknown):
        return text
    found = re.search(r"^PRETTY_NAME=[\"']?([^\"'\n]+)", text, re.MULTILINE)
    return found[1] if found else Unknown(f"/{name} has no PRETTY_NAME")


def _libc() -> str | Unknown:
    """The C library of this process: glibc tells its version; others don't answer."""
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or Unknown("the C library tells no version")
    except (ValueError, OSError):
        return Unknown("the C library is not glibc and tells no version")


def _command_line(sources: Sources) -> str | Unknown:
    text = sources.text("proc/cmdline")
    return text if isinstance(text, Unknown) else " ".join(mask_argv(text.split()))


def _mitigations(sources: Sources) -> tuple[str, ...] | Unknown:
    names = sources.entries(_VULNERABILITIES)
    if isinstance(names, Unknown):
        return names
    states = {name: known(sources.text(f"{_VULNERABILITIES}/{name}")) for name in names}
    return tuple(sorted(f"{name}: {state}" for name, state in states.items() if state))


def _uptime(sources: Sources) -> float | Unknown:
    text = sources.text("proc/uptime")
    if isinstance(text, Unknown):
        return text
    found = re.match(r"\d{1,12}(?:\.\d+)?", text)
    return float(found[0]) if found else Unknown("/proc/uptime holds no number")


PLUGIN = Probe(
    section="kernel",
    fields=(
        "system",
        "release",
        "version",
        "distribution",
        "libc",
        "command_line",
        "mitigations",
        "clock_source",
        "clock_resolution_ns",
        "aslr",
        "perf_event_paranoid",
        "uptime_s",
    ),
    read=_read,
)
