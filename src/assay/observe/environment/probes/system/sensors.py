"""Temperatures, from hardware monitors and thermal zones."""

from __future__ import annotations

import re

from assay.observe.environment.facts import Facts, Rows, Unknown, known
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources
from assay.record.environment import Sensor

_MONITORS, _ZONES = "sys/class/hwmon", "sys/class/thermal"
_PROCESSOR_WORDS = ("coretemp", "k10temp", "zenpower", "x86_pkg_temp", "cpu", "soc")
_MOST_SENSORS = 256


def _read(sources: Sources) -> Facts:
    rows = sorted((*_monitors(sources), *_zones(sources)), key=lambda row: str(row["name"]))[:_MOST_SENSORS]
    if not rows:
        none = Unknown("the machine shows no temperature sensors (usual in virtual machines and containers)")
        return {"sensors": none, "temperature_c": none}
    return {"sensors": Rows(Sensor, tuple(rows)), "temperature_c": _hottest(rows)}


def _hottest(rows: list[Facts]) -> float | Unknown:
    of_processor = [row for row in rows if any(word in str(row["name"]).lower() for word in _PROCESSOR_WORDS)]
    shown = [row["temperature_c"] for row in of_processor if isinstance(row["temperature_c"], float)]
    return max(shown) if shown else Unknown("no sensor of the processor shows a temperature")


def _monitors(sources: Sources) -> list[Facts]:
    rows: list[Facts] = []
    for chip in known(sources.entries(_MONITORS)) or ():
        folder = f"{_MONITORS}/{chip}"
        name = known(sources.text(f"{folder}/name")) or chip
        inputs = [file for file in known(sources.entries(folder)) or () if re.fullmatch(r"temp\d+_input", file)]
        rows += [_monitor(sources, folder, name, file.removesuffix("_input")) for file in inputs]
    return rows


def _monitor(sources: Sources, folder: str, chip: str, file: str) -> Facts:
    return {
        "name": f"{chip} {known(sources.text(f'{folder}/{file}_label')) or file}",
        "temperature_c": _degrees(sources, f"{folder}/{file}_input"),
        "critical_c": _degrees(sources, f"{folder}/{file}_crit"),
    }


def _zones(sources: Sources) -> list[Facts]:
    names = [name for name in known(sources.entries(_ZONES)) or () if name.startswith("thermal_zone")]
    return [_zone(sources, f"{_ZONES}/{name}", name) for name in names]


def _zone(sources: Sources, folder: str, name: str) -> Facts:
    points = [file for file in known(sources.entries(folder)) or () if re.fullmatch(r"trip_point_\d+_type", file)]
    critical = [point for point in points if known(sources.text(f"{folder}/{point}")) == "critical"]
    return {
        "name": f"{name} {known(sources.text(f'{folder}/type')) or 'zone'}",
        "temperature_c": _degrees(sources, f"{folder}/temp"),
        "critical_c": _degrees(sources, f"{folder}/{critical[0].replace('_type', '_temp')}")
        if critical
        else Unknown("the zone has no critical trip point"),
    }


def _degrees(sources: Sources, name: str) -> float | Unknown:
    value = sources.integer(name)
    return value if isinstance(value, Unknown) else value / 1000


PLUGIN = Probe(section="load", fields=("sensors", "temperature_c"), read=_read)
