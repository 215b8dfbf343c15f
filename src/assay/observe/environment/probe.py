"""The interface of a probe, and the folders that are the registry of probes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from assay.observe.environment.facts import Facts
from assay.observe.environment.sources import Sources
from assay.plugins import Folder

PROBE_FOLDERS = tuple(
    Folder(f"assay.observe.environment.probes.{group}") for group in ("processor", "system", "software", "devices")
)
"""One module is one probe; its ``PLUGIN`` is a ``Probe``."""


@dataclass(frozen=True)
class Probe:
    """One source of facts: the fields it fills, and the function that reads them from the given sources."""

    fields: tuple[str, ...]
    read: Callable[[Sources], Facts]
    section: str = ""
    """Section of the environment that holds the fields; empty for the environment itself."""


@cache
def all_probes() -> tuple[Probe, ...]:
    """Every probe of every folder."""
    return tuple(probe for folder in PROBE_FOLDERS for probe in folder.load_all().values())
