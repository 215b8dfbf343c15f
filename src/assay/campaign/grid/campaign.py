"""A campaign: what its file means, checked whole before anything starts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import field

from assay.campaign.file.document import Document, FaultsError
from assay.campaign.file.keys import COOL, KEYS, WHEN, faults_in
from assay.campaign.grid.cells import Cell, cells_of
from assay.campaign.grid.orders import order_of
from assay.campaign.grid.points import Grid
from assay.errors import PlanError
from assay.record.base import Record

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_UNNAMEABLE = re.compile(r"[^A-Za-z0-9._-]+")
DEFAULT_DEVICE = "host"
MOST_EXPERIMENTS = 5_000_000


class Cooling(Record, kw_only=True):
    """A rest until the device is cool enough."""

    to_c: float
    """Temperature at which the rest ends."""
    at_most_s: float = 300.0
    """Longest rest; what is warmer then goes on, and it is said so."""
    sensor: str = ""
    """Part of the name of the sensor to look at; the processor's hottest where empty."""


class Experiment(Record, kw_only=True):
    """One cell in one cycle."""

    id: str
    """The cell's id and the cycle."""
    cell: Cell
    cycle: int


class Campaign(Record, kw_only=True):
    """Everything a file says."""

    name: str
    file: Path
    sha256: str
    """Hash of the file."""
    cells: tuple[Cell, ...]
    cycles: int = 3
    order: str = "interleaved"
    seed: int = 0
    devices: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: {DEFAULT_DEVICE: {}})
    """Devices by name, with the variables that make a program use each."""
    attempts: int = 1
    """Times that an experiment is tried before it has failed."""
    breaker: int = 3
    """Failures one after another before no more of a group are tried; 0 for never."""
    gap_s: float = 0.0
    """Rest of a device between two experiments."""
    cycle_gap_s: float = 0.0
    """Rest between two cycles."""
    cool: Cooling | None = None

    def experiments(self) -> Iterator[Experiment]:
        """All experiments in the order in which they are to be made."""
        groups = [cell.group for cell in self.cells]
        for cycle in range(self.cycles):
            for number in order_of(self.order, groups, cycle, self.seed):
                cell = self.cells[number]
                yield Experiment(id=experiment_id(cell, cycle), cell=cell, cycle=cycle)


def experiment_id(cell: Cell, cycle: int) -> str:
    """The id of a cell in a cycle: the same whenever and wherever it is planned."""
    return f"{cell.id}-{cycle:05d}"


def read_campaign(file: Path) -> Campaign:
    """The campaign of a file; everything that is wrong with it is raised at once."""
    document = Document(file)
    data = document.data
    faults = [*faults_in(document, data, KEYS), *_faults_inside(document)]
    if faults:
        raise FaultsError(faults)
    grid = Grid(document)
    if grid.faults:
        raise FaultsError(grid.faults)
    cells, found = cells_of(document, grid, data.get("group_by"))
    devices = _devices(data)
    faults = [*found, *_impossible(document, grid, cells, devices)]
    if faults:
        raise FaultsError(faults)
    plain = ("cycles", "order", "seed", "attempts", "breaker", "gap_s", "cycle_gap_s")
    return Campaign(
        name=_name(data, file),
        file=file.absolute(),
        sha256=hashlib.sha256(document.bytes).hexdigest(),
        cells=tuple(cells),
        devices=devices,
        cool=Cooling(**data["cool"]) if "cool" in data else None,
        **{key: data[key] for key in plain if key in data},
    )


def _faults_inside(document: Document) -> Iterator[PlanError]:
    """What is wrong inside the tables that have keys of their own."""
    data = document.data
    if isinstance(data.get("cool"), dict):
        yield from faults_in(document, data["cool"], COOL, ("cool",))
        if "to_c" not in data["cool"]:
            yield document.fault(("cool",), "cool says nothing of `to_c`", "give the temperature to wait for")
    for key, rules in (("when", WHEN), ("exclude", None)):
        blocks = data.get(key, [])
        for number, block in enumerate(blocks if isinstance(blocks, list) else []):
            if not isinstance(block, dict):
                yield document.fault((key, number), "it is no table of settings", "write `name: value`")
            elif rules is not None:
                yield from faults_in(document, block, rules, (key, number))
    name = data.get("name")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield document.fault(("name",), f"name is {name!r}", f"give {KEYS['name'].wanted}")


def _impossible(
    document: Document, grid: Grid, cells: list[Cell], devices: Mapping[str, Mapping[str, str]]
) -> Iterator[PlanError]:
    data = document.data
    if len(cells) * int(data.get("cycles", 3)) > MOST_EXPERIMENTS:
        what = (
            f"{len(cells):,} cells in {data.get('cycles', 3):,} cycles are more than {MOST_EXPERIMENTS:,} experiments"
        )
        yield document.fault(("cycles",), f"{what} (rule grid-size)", "leave values or cycles out")
    known = {*grid.varied, *data.get("experiment", {})}
    if (group_by := data.get("group_by")) is not None and group_by not in known:
        yield document.fault(("group_by",), f"nothing sets {group_by!r} (rule group-exists)", "name an axis")
    if not devices:
        yield document.fault(("devices",), "there is no device (rule device-given)", f"write [{DEFAULT_DEVICE}]")
    for name in devices:
        if not _NAME.fullmatch(name):
            what = f"{name!r} is no name of a device (rule device-name)"
            yield document.fault(("devices",), what, f"give {KEYS['name'].wanted}")
    for device in dict.fromkeys(cell.device for cell in cells if cell.device is not None):
        if device not in devices:
            what = f"there is no device {device!r} (rule device-exists)"
            yield document.fault(("axes", "device"), what, f"devices are: {', '.join(devices)}")


def _devices(data: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    given = data.get("devices", [DEFAULT_DEVICE])
    if isinstance(given, list):
        return {str(name): {} for name in given}
    return {str(name): {str(key): str(value) for key, value in (table or {}).items()} for name, table in given.items()}


def _name(data: Mapping[str, Any], file: Path) -> str:
    return str(data.get("name") or _UNNAMEABLE.sub("-", file.stem).strip("-.")[:100] or "campaign")
