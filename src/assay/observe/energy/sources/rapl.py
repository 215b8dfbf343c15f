"""Processors and main memory, by the energy counters that the kernel shows under powercap (RAPL)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from assay.observe.energy.files import FileReader, Kept, number_in
from assay.observe.energy.meter import Channel, Fault, Found, MeteredDevice, Quantity, Sensor, Wanted
from assay.observe.environment.sources import natural_order
from assay.record.base import one_line
from assay.record.enums import DeviceKind

FOLDER = "sys/class/powercap"
_ZONE = re.compile(r"(?:[a-z]+-)*rapl(?:-[a-z]+)?(?::\d+)+")
_MICROS = 1e6
_PERIOD_S = 0.001
"""The processor updates its counters about every millisecond."""
_MOST_POWER_W = 500.0
"""A counter is read at least four times before it could wrap around at this power."""
_FASTEST_S = 0.005


class Zone(NamedTuple):
    """A counter: its folder, what it counts, and where the kernel got it from."""

    folder: Path
    name: str
    parent: str
    """Name of the zone it is a part of; empty at the top."""
    is_mmio: bool

    @property
    def device(self) -> str:
        """What it measures, the same for every way of reading it."""
        return f"{self.parent}/{self.name}" if self.parent else self.name


class RaplSource:
    """Packages and their memory; what a package holds already, and what holds packages, is not added."""

    name = "rapl"
    summary = "processors and main memory: the kernel's energy counters (Intel, AMD)"
    kind = DeviceKind.CPU
    on_request = False

    def find(self, wanted: Wanted) -> Found:
        """One reader for each package and each memory, whichever interface shows it."""
        folder = wanted.root / FOLDER
        zones = sorted(_zones(folder), key=lambda zone: (zone.is_mmio, natural_order(zone.folder.name)))
        if not zones:
            return Found((), f"{folder} holds no energy counters (RAPL)")
        counted: dict[str, Zone] = {}
        refused: dict[str, tuple[Zone, str]] = {}
        for zone in filter(_counts_apart, zones):
            shown = number_in(zone.folder / "energy_uj")
            if isinstance(shown, Fault):
                refused.setdefault(zone.device, (zone, shown.reason))
            else:
                counted.setdefault(zone.device, zone)
        if not counted:
            reasons = "; ".join(reason for _, reason in refused.values())
            return Found((), one_line(reasons or f"{folder} holds no package's counter"))
        # what is there and can't be read stands in the record as unknown, so that no sum passes for the whole
        silent = [zone for device, (zone, _) in refused.items() if device not in counted]
        return Found(tuple(_reader(zone) for zone in (*counted.values(), *silent)))


def _zones(folder: Path) -> Iterator[Zone]:
    """Every zone once, whether it is listed flat, as the kernel does, or found inside its parent."""
    seen: set[str] = set()
    for path in sorted((*_folders(folder), *_nested(folder)), key=lambda path: natural_order(path.name)):
        if path.name in seen or not _ZONE.fullmatch(path.name) or (name := _text(path / "name")) is None:
            continue
        seen.add(path.name)
        parent = path.name.rpartition(":")[0] if path.name.count(":") > 1 else ""
        yield Zone(path, name, _name_of(parent, folder, path), is_mmio="mmio" in path.name)


def _nested(folder: Path) -> Iterator[Path]:
    for control in _folders(folder):
        for zone in _folders(control):
            yield zone
            yield from _folders(zone)


def _folders(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if _ZONE.match(path.name) or "rapl" in path.name]
    except OSError:
        return []


def _name_of(parent: str, folder: Path, path: Path) -> str:
    if not parent:
        return ""
    return _text(folder / parent / "name") or _text(path.parent / "name") or parent


def _counts_apart(zone: Zone) -> bool:
    """Packages and memory. A core or uncore is in its package, and psys is the whole platform with its packages."""
    return zone.name.startswith("package") or zone.name == "dram"


def _reader(zone: Zone) -> FileReader:
    range_uj = number_in(zone.folder / "max_energy_range_uj")
    wraps_at = None if isinstance(range_uj, Fault) else range_uj / _MICROS
    sensor = Sensor(period_s=_PERIOD_S, quantum=1 / _MICROS, wraps_at=wraps_at)
    channel = Channel(name=f"rapl:{zone.device}", quantity=Quantity.ENERGY, sensor=sensor)
    interval_s = 0.1 if wraps_at is None else min(0.1, max(_FASTEST_S, wraps_at / (4 * _MOST_POWER_W)))
    return FileReader(_device(zone.device), [Kept(channel, zone.folder / "energy_uj", _MICROS)], interval_s)


def _device(name: str) -> MeteredDevice:
    is_memory = name.endswith("dram")
    kind, metric = (DeviceKind.OTHER, "memory_energy_j") if is_memory else (DeviceKind.CPU, "cpu_energy_j")
    return MeteredDevice(id=f"rapl:{name}", kind=kind, name=name, metric=metric)


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()[:64] or None
    except OSError:
        return None


PLUGIN = RaplSource()
