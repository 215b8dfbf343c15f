"""How many processors there are, how they belong together, and which may be used."""

from __future__ import annotations

import re

from assay.observe.environment.facts import Facts, Unknown, first
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources, parse_list

_CPU = "sys/devices/system/cpu"

Places = set[tuple[int, tuple[int, int]]]
"""One (package, (die, core)) for each physical core."""


def _read(sources: Sources) -> Facts:
    online = _online(sources)
    cpus = online if not isinstance(online, Unknown) else ()
    places = _places(sources, cpus)
    usable = sources.usable_cpus
    return {
        "sockets": places if isinstance(places, Unknown) else len({package for package, _ in places}),
        "physical_cores": places if isinstance(places, Unknown) else len(places),
        "logical_cpus": online if isinstance(online, Unknown) else len(online),
        "affinity": usable,
        "isolated": _isolated(sources),
        "smt_active": _smt(sources, places, len(cpus)),
        "numa_nodes": _numa_nodes(sources),
    }


def _online(sources: Sources) -> tuple[int, ...] | Unknown:
    return first((_listed(sources, f"{_CPU}/online"), _listed_in_cpuinfo(sources)))


def _listed(sources: Sources, name: str) -> tuple[int, ...] | Unknown:
    text = sources.text(name)
    return text if isinstance(text, Unknown) else parse_list(text)


def _listed_in_cpuinfo(sources: Sources) -> tuple[int, ...] | Unknown:
    text = sources.text("proc/cpuinfo")
    if isinstance(text, Unknown):
        return text
    numbers = tuple(int(number) for number in re.findall(r"^processor\s*:\s*(\d{1,6})\s*$", text, re.MULTILINE))
    return numbers or Unknown("/proc/cpuinfo lists no processors")


def _places(sources: Sources, cpus: tuple[int, ...]) -> Places | Unknown:
    places: Places = set()
    for cpu in cpus:
        folder = f"{_CPU}/cpu{cpu}/topology"
        package, core = sources.integer(f"{folder}/physical_package_id"), sources.integer(f"{folder}/core_id")
        if isinstance(package, Unknown) or isinstance(core, Unknown):
            return _places_in_cpuinfo(sources)
        die = sources.integer(f"{folder}/die_id")
        places.add((package, (0 if isinstance(die, Unknown) else die, core)))
    return places or Unknown("no processor is known to be online")


def _places_in_cpuinfo(sources: Sources) -> Places | Unknown:
    text = sources.text("proc/cpuinfo")
    if isinstance(text, Unknown):
        return text
    pairs = zip(
        re.findall(r"^physical id\s*:\s*(\d{1,6})", text, re.MULTILINE),
        re.findall(r"^core id\s*:\s*(\d{1,6})", text, re.MULTILINE),
        strict=False,
    )
    found = {(int(package), (0, int(core))) for package, core in pairs}
    return found or Unknown("neither /sys nor /proc/cpuinfo states packages and cores")


def _smt(sources: Sources, places: Places | Unknown, cpus: int) -> bool | Unknown:
    active = sources.integer(f"{_CPU}/smt/active")
    if not isinstance(active, Unknown):
        return active == 1
    return active if isinstance(places, Unknown) else cpus > len(places)


def _isolated(sources: Sources) -> tuple[int, ...] | Unknown:
    text = sources.text(f"{_CPU}/isolated")
    if isinstance(text, Unknown):
        return () if text.reason.endswith("is empty") else text
    return parse_list(text)


def _numa_nodes(sources: Sources) -> int | Unknown:
    nodes = _listed(sources, "sys/devices/system/node/has_cpu")
    return nodes if isinstance(nodes, Unknown) else len(nodes)


PLUGIN = Probe(
    section="cpu",
    fields=("sockets", "physical_cores", "logical_cpus", "affinity", "isolated", "smt_active", "numa_nodes"),
    read=_read,
)
