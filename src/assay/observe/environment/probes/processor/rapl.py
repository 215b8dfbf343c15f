"""Energy counters of the processor."""

from __future__ import annotations

import re

from assay.observe.environment.facts import Facts, Rows, Unknown
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources
from assay.record.environment import RaplZone

FOLDER = "sys/class/powercap"
_KINDS = ("package", "core", "uncore", "dram", "psys")


def _read(sources: Sources) -> Facts:
    names = sources.entries(FOLDER)
    if isinstance(names, Unknown):
        return {"rapl": names}
    zones = [name for name in names if re.fullmatch(r"[a-z-]*rapl(?:-mmio)?(?::\d+)+", name)]
    return {"rapl": Rows(RaplZone, tuple(_zone(sources, name) for name in zones))}


def _zone(sources: Sources, name: str) -> Facts:
    folder = f"{FOLDER}/{name}"
    title = sources.text(f"{folder}/name")
    shown = name if isinstance(title, Unknown) else title
    return {
        "name": shown,
        "path": f"/{folder}",
        "kind": next((kind for kind in _KINDS if shown.split("-")[0] == kind), "other"),
        "interface": "mmio" if "mmio" in name else "msr",
        "readable": not isinstance(sources.integer(f"{folder}/energy_uj"), Unknown),
        "range_uj": sources.integer(f"{folder}/max_energy_range_uj"),
    }


PLUGIN = Probe(fields=("rapl",), read=_read)
