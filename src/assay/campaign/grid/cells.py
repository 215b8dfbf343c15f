"""Cells: the experiments of one cycle, each with its settings filled in, checked, and named for good."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from assay.campaign.file.document import Document, Place
from assay.campaign.grid.points import Grid, Point
from assay.errors import PlanError
from assay.measure.experiment.spec import SETTINGS, faults_of
from assay.record.base import Record
from assay.settings import closest

OF_CAMPAIGN = ("device",)
"""Settings that say how an experiment is carried out, and are not handed to it."""
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_.]*)\}")
_UNNAMEABLE = re.compile(r"[^A-Za-z0-9._=-]+")
_LONGEST_LABEL = 120
_ID_DIGITS = 16
_encode = msgspec.json.Encoder(order="sorted").encode


class Cell(Record, kw_only=True):
    """One experiment of the grid, made once in every cycle."""

    id: str
    """Hash of its settings: the same settings have the same id in every campaign."""
    label: str
    """What varies, in words without spaces, as ``campaign:NAME/LABEL`` takes it."""
    settings: Mapping[str, Any]
    """Settings of the experiment."""
    varied: Mapping[str, Any]
    """What tells it from the other cells."""
    group: str
    """The value of ``group_by``: cells of one group share a backend or a container."""
    device: str | None = None
    """The device it has to run on; null for any."""


class _Filling:
    """Puts values of axes into texts, and remembers which were used."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = set(names)
        self.used: set[str] = set()
        self.doubtful: dict[str, str] = {}
        """Placeholders that nothing fills, with the name that was probably meant."""

    def filled(self, value: Any, point: Point) -> Any:
        """The value with its placeholders filled."""
        if isinstance(value, str):
            return value if "{" not in value else _PLACEHOLDER.sub(lambda found: self._one(found, point), value)
        if isinstance(value, list):
            return [self.filled(each, point) for each in value]
        if isinstance(value, dict):
            return {key: self.filled(each, point) for key, each in value.items()}
        return value

    def _one(self, found: re.Match[str], point: Point) -> str:
        name = found[1]
        if name in point:
            self.used.add(name)
            return text_of(point[name].value)
        if name not in self._names and (near := closest(name, self._names)):
            self.doubtful[name] = near
        return found[0]


def cells_of(document: Document, grid: Grid, group_by: str | None) -> tuple[list[Cell], list[PlanError]]:
    """Every cell, and everything that is wrong with any of them, each thing once."""
    faults: dict[tuple[object, ...], PlanError] = {}
    varied = grid.varied
    filling = _Filling(varied)
    base = document.file.absolute().parent
    cells = []
    for point in grid.points():
        settings = _settings(point, filling, base)
        for fault in faults_of(settings):
            place = point[fault.key].place if fault.key in point else ("experiment",)
            what = f"{fault.what} (rule {fault.rule})"
            faults.setdefault((place, fault.rule, fault.what), document.fault(place, what))
        cells.append(_cell(point, settings, varied, group_by))
    found = [*faults.values(), *_useless(document, varied, filling, cells)]
    return _labelled(cells), found or _twice(document, cells)


def text_of(value: Any) -> str:
    """A value as it stands in a command line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _settings(point: Point, filling: _Filling, base: Path) -> dict[str, Any]:
    """What is handed to the experiment; folders are meant from where the file lies."""
    known = {name: value for name, value in point.items() if name not in OF_CAMPAIGN}
    settings = {
        name: filling.filled(found.value, point)
        for name, found in known.items()
        if name in SETTINGS or _is_fixed(found.place)
    }
    cwd = settings.get("cwd", "")
    if isinstance(cwd, str):
        settings["cwd"] = str(base / cwd)
    return settings


def _is_fixed(place: Place) -> bool:
    """Whether a value stands among an experiment's settings, and on no axis."""
    return place[0] == "experiment" or (place[0] == "when" and place[2] == "experiment")


def _cell(point: Point, settings: dict[str, Any], varied: Sequence[str], group_by: str | None) -> Cell:
    told = {name: point[name].value for name in varied if name in point}
    device = point["device"].value if "device" in point else None
    group = point.get(group_by or "backend")
    digest = hashlib.sha256(_encode([settings, device])).hexdigest()
    return Cell(
        id=digest[:_ID_DIGITS],
        label="",
        settings=settings,
        varied=told,
        group=text_of(group.value) if group is not None else "command",
        device=None if device is None else str(device),
    )


def _labelled(cells: Sequence[Cell]) -> list[Cell]:
    """The cells with names that tell them apart: of what differs between them."""
    names = [name for name in dict.fromkeys(name for cell in cells for name in cell.varied) if _differs(name, cells)]
    labels = [_label(cell, names) for cell in cells]
    twice = {label for label in labels if labels.count(label) > 1} if len(set(labels)) < len(labels) else set()
    return [
        msgspec.structs.replace(cell, label=f"{label}~{cell.id[:6]}" if label in twice else label)
        for cell, label in zip(cells, labels, strict=True)
    ]


def _differs(name: str, cells: Sequence[Cell]) -> bool:
    first = cells[0].varied.get(name, cells)
    return any(cell.varied.get(name, cells) != first for cell in cells)


def _label(cell: Cell, names: Sequence[str]) -> str:
    words = [f"{name}={_short(cell.varied[name])}" for name in names if name in cell.varied]
    return "+".join(_UNNAMEABLE.sub("-", word).strip("-") for word in words)[:_LONGEST_LABEL] or "all"


def _short(value: Any) -> str:
    if isinstance(value, list | dict):
        return hashlib.sha256(_encode(value)).hexdigest()[:6]
    return text_of(value)


def _useless(document: Document, varied: Sequence[str], filling: _Filling, cells: Sequence[Cell]) -> list[PlanError]:
    """Axes that change nothing, and placeholders that were probably meant for one of them."""
    found = []
    for name, near in filling.doubtful.items():
        what = f"nothing sets the placeholder {{{name}}} (rule placeholder-set)"
        found.append(document.fault(("experiment",), what, f"did you mean {{{near}}}?"))
    for name in varied:
        if name not in filling.used and name not in (*SETTINGS, *OF_CAMPAIGN) and cells:
            meant = closest(name, SETTINGS)
            remedy = f"did you mean {meant!r}?" if meant else f"write {{{name}}} where it belongs, as in `command`"
            what = f"the axis {name!r} changes nothing (rule axis-used)"
            found.append(document.fault(("axes", name), what, remedy))
    if not cells:
        found.append(document.fault(("exclude",), "no experiment is left (rule grid-not-empty)", "exclude less"))
    return found


def _twice(document: Document, cells: Sequence[Cell]) -> list[PlanError]:
    """Cells that are the same experiment."""
    seen: dict[str, Cell] = {}
    for cell in cells:
        if cell.id in seen:
            one, other = (", ".join(f"{k}={text_of(v)}" for k, v in c.varied.items()) for c in (seen[cell.id], cell))
            what = f"two experiments are the same: {one} and {other} (rule cells-differ)"
            return [document.fault(("axes",), what, "exclude one of them")]
        seen[cell.id] = cell
    return []
