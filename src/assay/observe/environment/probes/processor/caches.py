"""Sizes of the caches of the first usable processor."""

from __future__ import annotations

import re

from assay.observe.environment.facts import Facts, Unknown, spread
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources

_FIELDS = {
    (1, "Data"): "l1d_bytes",
    (1, "Unified"): "l1d_bytes",
    (2, "Unified"): "l2_bytes",
    (3, "Unified"): "l3_bytes",
}
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}


def _read(sources: Sources) -> Facts:
    folder = f"sys/devices/system/cpu/cpu{sources.some_cpus[0]}/cache"
    names = sources.entries(folder)
    if isinstance(names, Unknown):
        return spread(PLUGIN.fields, names)
    facts: dict[str, int | Unknown] = dict(spread(PLUGIN.fields, Unknown(f"/{folder} lists no such cache")))
    for name in names:
        level, kind = sources.integer(f"{folder}/{name}/level"), sources.text(f"{folder}/{name}/type")
        if not isinstance(level, Unknown) and not isinstance(kind, Unknown) and (level, kind) in _FIELDS:
            facts[_FIELDS[level, kind]] = _size(sources, f"{folder}/{name}/size")
    return facts


def _size(sources: Sources, name: str) -> int | Unknown:
    text = sources.text(name)
    if isinstance(text, Unknown):
        return text
    found = re.fullmatch(r"(\d{1,12})([KMG]?)", text)
    return int(found[1]) * _UNITS[found[2]] if found else Unknown(f"/{name} holds no size: {text[:40]!r}")


PLUGIN = Probe(section="cpu", fields=("l1d_bytes", "l2_bytes", "l3_bytes"), read=_read)
