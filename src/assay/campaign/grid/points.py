"""The points of a grid: independent axes, settings that vary together, and blocks that hold for some points only."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from assay.campaign.file.document import Document, Place
from assay.campaign.file.keys import shown
from assay.errors import PlanError
from assay.settings import closest

MOST_POINTS = 1_000_000


class Value(NamedTuple):
    """A value and where in the file it stands."""

    value: Any
    place: Place


Point = dict[str, Value]
"""Settings and variables of one experiment, by name."""
Axis = list[Point]
"""Points of which one is chosen: one setting's values, or several settings that vary together."""


class Grid:
    """What a file says about what varies; ``faults`` are to be raised before anything else is asked."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.faults: list[PlanError] = []
        data = document.data
        self._fixed = self._table(data.get("experiment", {}), ("experiment",))
        self._axes = self._axes_of(data, ())
        self._blocks = [_Block(self, block, ("when", number)) for number, block in enumerate(_tables(data, "when"))]
        self._exclude = _tables(data, "exclude")
        self._check_conditions()
        size = _size(self._axes)
        if size > MOST_POINTS:
            what = f"the axes make {size:,} experiments a cycle, and {MOST_POINTS:,} are the most"
            self.faults.append(document.fault(("axes",), what, "leave values out"))

    @property
    def varied(self) -> tuple[str, ...]:
        """Names that axes set, in the order of the file."""
        axes = itertools.chain(self._axes, *(block.axes for block in self._blocks))
        return tuple(dict.fromkeys(name for axis in axes for point in axis for name in point))

    def points(self) -> Iterator[Point]:
        """Every point that is not excluded."""
        for chosen in itertools.product(*self._axes):
            for point in self._with_blocks(_merged(self._fixed, chosen), self._blocks):
                if not any(_holds(each, point) for each in self._exclude):
                    yield point

    def _with_blocks(self, point: Point, blocks: Sequence[_Block]) -> Iterator[Point]:
        """The point with what further blocks add to it, each in the order of the file."""
        if not blocks:
            yield point
            return
        first, *rest = blocks
        if not _holds(first.condition, point):
            yield from self._with_blocks(point, rest)
            return
        for chosen in itertools.product(*first.axes):
            yield from self._with_blocks(_merged({**point, **first.fixed}, chosen), rest)

    def _axes_of(self, table: Mapping[str, Any], place: Place) -> list[Axis]:
        axes = [
            [{name: Value(value, (*place, "axes", name, number))} for number, value in enumerate(values)]
            for name, values in self._named(table.get("axes", {}), (*place, "axes"))
        ]
        groups = table.get("together", [])
        is_one = bool(groups) and all(isinstance(each, dict) for each in groups)
        for number, group in enumerate([groups] if is_one else groups):
            here = (*place, "together") if is_one else (*place, "together", number)
            axes.append(self._group(group, here))
        return axes

    def _named(self, table: Mapping[str, Any], place: Place) -> Iterator[tuple[str, list[Any]]]:
        for name, values in table.items():
            if not isinstance(values, list) or not values:
                self._fault((*place, name), f"the axis {name} is {shown(values)}", "give a list of values")
            elif len({repr(value) for value in values}) < len(values):
                self._fault((*place, name), f"the axis {name} has a value twice", "write it once")
            else:
                yield str(name), values

    def _group(self, group: Any, place: Place) -> Axis:
        if not isinstance(group, list) or not group or not all(isinstance(each, dict) for each in group):
            self._fault(place, f"it is {shown(group)}", "give a list of tables of settings that vary together")
            return []
        names = set(group[0])
        for number, each in enumerate(group):
            if set(each) != names:
                odd = ", ".join(sorted(map(str, names ^ set(each))))
                self._fault((*place, number), f"it does not set what the first of the list sets: {odd}", "set the same")
        return [self._table(each, (*place, number)) for number, each in enumerate(group)]

    def _table(self, table: Any, place: Place) -> Point:
        given = table if isinstance(table, dict) else {}
        return {str(name): Value(value, (*place, name)) for name, value in given.items()}

    def _check_conditions(self) -> None:
        """Conditions on names that nothing sets would never hold."""
        known = {*self.varied, *self._fixed, *(name for block in self._blocks for name in block.fixed)}
        conditions = [(block.condition, (*block.place, "if")) for block in self._blocks]
        conditions += [(each, ("exclude", number)) for number, each in enumerate(self._exclude)]
        for condition, place in conditions:
            for name in condition:
                if name not in known:
                    near = closest(str(name), known)
                    remedy = f"did you mean {near!r}?" if near else f"what is set is: {', '.join(sorted(known))}"
                    self._fault((*place, name), f"nothing sets {name!r}", remedy)

    def _fault(self, place: Place, what: str, remedy: str) -> None:
        self.faults.append(self._document.fault(place, what, remedy))


class _Block:
    """What holds for some points only."""

    def __init__(self, grid: Grid, block: Mapping[str, Any], place: Place) -> None:
        self.place = place
        self.condition: Mapping[str, Any] = block.get("if", {})
        self.fixed = grid._table(block.get("experiment", {}), (*place, "experiment"))  # noqa: SLF001 - its own part
        self.axes = grid._axes_of(block, place)  # noqa: SLF001


def _tables(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return [each for each in data.get(key, []) if isinstance(each, dict)]


def _merged(point: Point, chosen: Sequence[Point]) -> Point:
    merged = dict(point)
    for each in chosen:
        merged.update(each)
    return merged


def _holds(condition: Mapping[str, Any], point: Point) -> bool:
    return all(name in point and _is_one_of(point[name].value, wanted) for name, wanted in condition.items())


def _is_one_of(value: Any, wanted: Any) -> bool:
    return value == wanted or (isinstance(wanted, list) and value in wanted)


def _size(axes: Sequence[Axis]) -> int:
    size = 1
    for axis in axes:
        size *= len(axis)
    return size
