"""Whether runs can be kept: a place that is writable, lasting, local and large enough."""

from __future__ import annotations

from pathlib import Path

from assay.observe.doctor.advice import on_host
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

LEAST_FREE_BYTES = 1024**3
_GIB = 1024**3
_UNSUITED = {
    "tmpfs": "it lies in memory, and is lost when the machine stops",
    "ramfs": "it lies in memory, and is lost when the machine stops",
    "nfs": "it lies on a network, where locks and renames are slow or weak",
    "nfs4": "it lies on a network, where locks and renames are slow or weak",
    "cifs": "it lies on a network, where locks and renames are slow or weak",
    "smb3": "it lies on a network, where locks and renames are slow or weak",
    "9p": "it lies on another machine, where locks and renames are slow or weak",
    "virtiofs": "it lies on another machine, where locks and renames are slow or weak",
    "fuse.sshfs": "it lies on a network, where locks and renames are slow or weak",
    "overlay": "it lies in a container's own layer, and is lost with the container",
}


def _look(surroundings: Surroundings) -> Finding:
    location = surroundings.instruments.store_location()
    if not location:
        fault = Fault(
            reason="no place for the store is known: there is no home folder, or the settings are broken",
            lost="every run: there is nowhere to keep it",
            enable="export ASSAY_STORE=/path/of/a/folder, and see: assay config show",
        )
        return missing("no place", fault)
    if "://" in location:
        return ok(f"{location} (object storage; not contacted)")
    space = surroundings.instruments.space_at(Path(location))
    kind = filesystem_of(surroundings, location)
    found = f"{location}: {kind}, {space.free_bytes / _GIB:.1f} GiB free"
    if not space.writable:
        fault = Fault(
            reason=f"{location} can't be written by this user",
            lost="every run: there is nowhere to keep it",
            enable=f"export ASSAY_STORE=$HOME/assay, or: {on_host(surroundings, f'sudo chown -R $USER {location}')}",
        )
        return missing(found, fault)
    if space.free_bytes < LEAST_FREE_BYTES:
        enable = "assay runs remove RUN…, or export ASSAY_STORE=/path/with/room"
        return degraded(
            found,
            Fault(reason="less than 1 GiB is free", lost="long runs: they end when the disk is full", enable=enable),
        )
    if kind in _UNSUITED:
        lost = "runs that last, or a store that is quick under several writers"
        enable = "export ASSAY_STORE=/path/on/a/local/disk (in a container: a volume, docker run -v NAME:/store …)"
        return degraded(found, Fault(reason=_UNSUITED[kind], lost=lost, enable=enable))
    return ok(found)


def filesystem_of(surroundings: Surroundings, location: str) -> str:
    """Kind of the file system that a path lies on: of the longest mount point that leads to it."""
    text = surroundings.sources.text("proc/self/mountinfo")
    best, kind = "", "unknown file system"
    for line in text.splitlines() if isinstance(text, str) else ():
        left, _, right = line.partition(" - ")
        parts = left.split()
        place = parts[4] if len(parts) > 4 else ""
        inside = location == place or location.startswith(place.rstrip("/") + "/")
        if place and right and inside and len(place) >= len(best):
            best, kind = place, right.split()[0]
    return kind


PLUGIN = Inspection("Store of runs", _look)
