"""Installed Python distributions, read off the names of their metadata folders: their files stay closed."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

from assay.observe.environment.facts import Facts, Rows
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources
from assay.record.environment import Package

_METADATA = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)(?:-py\d[\d.]*)?\.(?:dist|egg)-info")


def _read(sources: Sources) -> Facts:
    del sources
    found = packages(tuple(sys.path))
    return {"packages": Rows(Package, tuple({"name": name, "version": found[name]} for name in sorted(found)))}


@cache
def packages(path: tuple[str, ...]) -> dict[str, str]:
    """Name to version; of two of the same name, the one that Python would import."""
    found: dict[str, str] = {}
    for folder in path:
        for name in _names_in(folder or "."):
            match = _METADATA.fullmatch(name)
            if match:
                normalised = re.sub(r"[-_.]+", "-", match["name"]).lower()
                found.setdefault(normalised, match["version"])
    return found


def _names_in(folder: str) -> list[str]:
    try:
        return [entry.name for entry in Path(folder).iterdir()]
    except OSError:
        return []


PLUGIN = Probe(section="python", fields=("packages",), read=_read)
