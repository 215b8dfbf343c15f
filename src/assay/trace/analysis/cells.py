"""Sums and durations per step, part, layer, phase and device, in memory that grows with these and not with events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.errors import RecordError
from assay.record.rows import Distribution
from assay.record.trace.lines import REQUEST
from assay.trace.analysis.durations import Durations
from assay.trace.analysis.frame import NONE, NOT_READ, Frame, NameTable

Integers = npt.NDArray[np.int64]

MOST_CELLS = 1 << 16
_LAYERS = 1 << 16
_NAMES = 1 << 14
_COLUMNS = ("flops", "read_bytes", "written_bytes")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One step, part, layer, phase and device."""

    step: str
    op: str | None
    layer: int | None
    phase: str
    device: str
    is_request: bool
    wall: Distribution
    off_cpu_ns: float | None
    """Time off the processor; None where it was not read for every call."""
    flops: float | None
    """Operations of all calls; None where not counted for every call."""
    moved_bytes: float | None
    """Bytes read and written by all calls; None where not counted for every call."""


class Cells:
    """Gathers frames."""

    def __init__(self, names: NameTable) -> None:
        self._names = names
        self._places: dict[tuple[int, ...], int] = {}
        self._durations = Durations()
        self._sums = np.zeros((0, 2 * (len(_COLUMNS) + 1)))

    def add(self, frame: Frame) -> None:
        """Count events in."""
        groups = self._groups(frame)
        self._durations.add(groups, frame.self_ns)
        for i, name in enumerate(_COLUMNS):
            values = getattr(frame, name)
            self._count(groups, values, values >= 0, 2 * i)
        self._count(groups, frame.off_cpu_ns, frame.off_cpu_ns != NOT_READ, 2 * len(_COLUMNS))

    def cells(self) -> list[Cell]:
        """Every cell."""
        found = self._durations.distributions()
        return [self._cell(key, found[place], self._sums[place]) for key, place in self._places.items()]

    def folded(self) -> list[Cell]:
        """The same with all layers of a step together."""
        merged: dict[tuple[int, ...], int] = {}
        fold = np.zeros(len(self._places), np.int64)
        for key, place in self._places.items():
            fold[place] = merged.setdefault((key[0], key[1], NONE, *key[3:]), len(merged))
        sums = np.zeros((len(merged), self._sums.shape[1]))
        np.add.at(sums, fold, self._sums[: len(fold)])
        found = self._durations.distributions(fold)
        return [self._cell(key, found[place], sums[place]) for key, place in merged.items()]

    def _groups(self, frame: Frame) -> Integers:
        if len(frame) and int(frame.layer.max()) >= _LAYERS - 1:
            raise RecordError(f"the trace names layer {int(frame.layer.max())}", remedy="models have fewer layers")
        key = frame.step
        for part, radix in ((frame.op, _NAMES), (frame.layer, _LAYERS), (frame.phase, _NAMES)):
            key = key * (radix + 1) + part + 1
        # five radices don't fit 64 bits: the first four are numbered afresh, which is what sorting does anyhow
        _, key = np.unique(key, return_inverse=True)
        key = key * (_NAMES + 1) + frame.device + 1
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        places = [self._place(frame, row) for row in first.tolist()]
        groups: Integers = np.array(places, np.int64)[inverse]
        return groups

    def _place(self, frame: Frame, row: int) -> int:
        key = tuple(int(part[row]) for part in (frame.step, frame.op, frame.layer, frame.phase, frame.device))
        place = self._places.setdefault(key, len(self._places))
        if place >= MOST_CELLS:
            remedy = "record whole steps, or fewer parts"
            raise RecordError(f"the trace has more than {MOST_CELLS:,} steps of layers", remedy=remedy)
        if place >= len(self._sums):
            self._sums = np.vstack([self._sums, np.zeros((max(64, len(self._sums)), self._sums.shape[1]))])
        return place

    def _count(self, groups: Integers, values: Integers, known: npt.NDArray[np.bool_], column: int) -> None:
        """Sum and number of the values that are known."""
        own = groups[known]
        size = len(self._sums)
        self._sums[:, column] += np.bincount(own, values[known], minlength=size)
        self._sums[:, column + 1] += np.bincount(own, minlength=size)

    def _cell(self, key: tuple[int, ...], wall: Distribution | None, sums: npt.NDArray[np.float64]) -> Cell:
        if wall is None:
            raise LookupError(f"no event of {key}")
        step, op, layer, phase, device = key
        known = {
            name: float(sums[2 * i]) if sums[2 * i + 1] == wall.count else None
            for i, name in enumerate((*_COLUMNS, "off_cpu_ns"))
        }
        moved = [known[name] for name in ("read_bytes", "written_bytes") if known[name] is not None]
        return Cell(
            step=self._names.text(step) or "?",
            op=self._names.text(op),
            layer=None if layer == NONE else layer,
            phase=self._names.text(phase) or "none",
            device=self._names.text(device) or "?",
            is_request=self._names.text(step) == REQUEST,
            wall=wall,
            off_cpu_ns=known["off_cpu_ns"],
            flops=known["flops"],
            moved_bytes=sum(value for value in moved if value is not None) if moved else None,
        )
