"""How busy the machine is."""

from __future__ import annotations

import re

from assay.observe.environment.facts import Facts, Unknown, spread
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources

_LOADAVG_FIELDS = ("load_1m", "load_5m", "load_15m", "tasks")
_RESOURCES = ("cpu", "memory", "io")
_STEAL_COLUMN = 7
_GUEST_COLUMNS = 2
"""The last two columns are already counted in user and nice time."""


def _read(sources: Sources) -> Facts:
    return {
        **_loads(sources),
        **{f"{resource}_pressure": pressure(sources, resource) for resource in _RESOURCES},
        "steal": steal(sources),
    }


def _loads(sources: Sources) -> Facts:
    text = sources.text("proc/loadavg")
    if isinstance(text, Unknown):
        return spread(_LOADAVG_FIELDS, text)
    found = re.match(r"([\d.]+) ([\d.]+) ([\d.]+) \d+/(\d+)", text)
    if not found:
        return spread(_LOADAVG_FIELDS, Unknown(f"/proc/loadavg is not as known: {text[:40]!r}"))
    averages = zip(_LOADAVG_FIELDS, (float(found[i]) for i in (1, 2, 3)), strict=False)
    return {**dict(averages), "tasks": int(found[4])}


def pressure(sources: Sources, resource: str) -> float | Unknown:
    """Share of the last 10 s in which some task waited for the resource."""
    text = sources.text(f"proc/pressure/{resource}")
    if isinstance(text, Unknown):
        return Unknown(f"{text.reason}; the kernel measures pressure only when booted with psi=1")
    found = re.search(r"^some avg10=(\d{1,3}\.\d+)", text, re.MULTILINE)
    return min(1.0, float(found[1]) / 100) if found else Unknown(f"/proc/pressure/{resource} is not as known")


def steal(sources: Sources) -> float | Unknown:
    """Share of processor time since boot that a hypervisor gave to others."""
    text = sources.text("proc/stat")
    if isinstance(text, Unknown):
        return text
    found = re.match(r"cpu +([\d ]+)", text)
    ticks = [int(part) for part in found[1].split()] if found else []
    total = sum(ticks[:-_GUEST_COLUMNS]) if len(ticks) == _STEAL_COLUMN + 1 + _GUEST_COLUMNS else 0
    return ticks[_STEAL_COLUMN] / total if total else Unknown("/proc/stat states no steal time")


PLUGIN = Probe(
    section="load",
    fields=(*_LOADAVG_FIELDS, *(f"{resource}_pressure" for resource in _RESOURCES), "steal"),
    read=_read,
)
