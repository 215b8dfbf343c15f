"""Spans added up by cell and repetition, a batch at a time: memory grows with the answer, not with the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from assay.compare.observed import Floats
from assay.record.documents.comparison import Cell

Ints = NDArray[np.int32]

_HEAD_ROWS = 1 << 14
_MOST_CODES = 1 << 22
_KEYS = ("phase", "step", "op", "device")


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Rows of spans as numbers."""

    names: Mapping[str, tuple[Ints, list[str]]]
    """For each column of names its codes, -1 for null, and what they mean."""
    layer: Ints
    """-1 outside layers."""
    token: Ints
    """-1 where the work belongs to no token."""
    value: Floats
    skip: tuple[str, ...] = ()
    """Steps that are no cells."""


@dataclass
class _Sums:
    """One cell."""

    total: Floats = field(default_factory=lambda: np.zeros(0))
    count: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    seen: int = 0
    """Rows without a token so far: they are numbered as they come."""

    def add(self, total: Floats, count: NDArray[np.int64]) -> None:
        """Add sums, which begin at repetition 0."""
        if len(total) > len(self.total):
            more = len(total) - len(self.total)
            self.total = np.concatenate([self.total, np.zeros(more)])
            self.count = np.concatenate([self.count, np.zeros(more, np.int64)])
        self.total[: len(total)] += total
        self.count[: len(count)] += count


class Tally:
    """Sums by cell, cells in the order in which they first came."""

    def __init__(self) -> None:
        self._vocabulary: dict[str, dict[str, int]] = {name: {} for name in _KEYS}
        self._sums: dict[Cell, _Sums] = {}

    def add(self, batch: Batch) -> None:
        """Add the rows of a batch that hold a value."""
        known = ~np.isnan(batch.value)
        if not known.all():
            batch = _only(batch, known)
        codes = [self._coded(name, *batch.names[name]) for name in _KEYS]
        code = _joined([*codes, batch.layer + 1])
        first = _firsts(code)
        cells = [self._cell([part[row] for part in codes], int(batch.layer[row])) for row in first.values()]
        number = np.zeros(int(code.max(initial=0)) + 1, dtype=np.int32)
        number[list(first)] = np.arange(len(first), dtype=np.int32)
        place = number[code]
        wanted = [cell.name not in batch.skip for cell in cells]
        tokens = self._positions(batch.token, place, cells)
        width = int(tokens.max(initial=-1)) + 1
        if width * len(cells) > 8 * len(code) + (1 << 22):
            self._add_sparse(place, tokens, batch.value, cells, wanted)
            return
        joined = place.astype(np.int64) * width + tokens
        size = len(cells) * width
        total = np.bincount(joined, weights=batch.value, minlength=size).reshape(len(cells), width)
        count = np.bincount(joined, minlength=size).reshape(len(cells), width)
        for row, cell in enumerate(cells):
            if wanted[row]:
                self._sums.setdefault(cell, _Sums()).add(total[row], count[row])

    def values(self) -> dict[Cell, Floats]:
        """Each cell's repetitions; NaN where one is missing. Whole steps only, where there are any."""
        whole = any(not cell.op for cell in self._sums)
        return {
            cell: np.where(sums.count > 0, sums.total, np.nan)[: _end(sums.count)]
            for cell, sums in self._sums.items()
            if not (whole and cell.op) and sums.count.any()
        }

    def _coded(self, name: str, codes: Ints, names: list[str]) -> Ints:
        """The tally's own codes, 0 for null."""
        known = self._vocabulary[name]
        own = np.array([known.setdefault(text, len(known) + 1) for text in names] + [0], dtype=np.int32)
        return own[codes]

    def _cell(self, codes: list[np.int32], layer: int) -> Cell:
        texts = {name: self._name(name, int(code)) for name, code in zip(_KEYS, codes, strict=True)}
        return Cell(
            name=texts["step"],
            layer=layer if layer >= 0 else None,
            phase=texts["phase"] or "none",
            device=texts["device"],
            op=texts["op"],
        )

    def _name(self, column: str, code: int) -> str:
        return next((text for text, number in self._vocabulary[column].items() if number == code), "")

    def _positions(self, tokens: Ints, place: Ints, cells: list[Cell]) -> Ints:
        """The repetition that a row belongs to: its token; without one, the how-manieth row of its cell it is."""
        without = tokens < 0
        if not without.any():
            return tokens
        found = tokens.copy()
        rows = np.flatnonzero(without)
        found[rows] = self._occurrences(place[rows], cells)
        return found

    def _occurrences(self, place: Ints, cells: list[Cell]) -> Ints:
        narrow = place.astype(np.uint16) if len(cells) < 2**16 else place
        order = np.argsort(narrow, kind="stable")
        counts = np.bincount(place, minlength=len(cells))
        starts = np.cumsum(counts) - counts
        already = np.zeros(len(cells), dtype=np.int64)
        for row in np.flatnonzero(counts).tolist():
            sums = self._sums.setdefault(cells[row], _Sums())
            already[row] = sums.seen
            sums.seen += int(counts[row])
        found = np.empty(len(place), dtype=np.int32)
        ordered = place[order]
        found[order] = np.arange(len(place)) - starts[ordered] + already[ordered]
        return found

    def _add_sparse(self, place: Ints, tokens: Ints, value: Floats, cells: list[Cell], wanted: list[bool]) -> None:
        """Cell by cell, where repetitions are numbered with large gaps."""
        for row in (row for row in range(len(cells)) if wanted[row]):
            here = place == row
            total: Floats = np.bincount(tokens[here], weights=value[here]).astype(np.float64)
            self._sums.setdefault(cells[row], _Sums()).add(total, np.bincount(tokens[here]))


def _only(batch: Batch, rows: NDArray[np.bool_]) -> Batch:
    names = {name: (codes[rows], words) for name, (codes, words) in batch.names.items()}
    return replace(batch, names=names, layer=batch.layer[rows], token=batch.token[rows], value=batch.value[rows])


def _joined(parts: list[Ints]) -> Ints:
    """One small number for each row of several."""
    code, most = np.zeros(len(parts[0]), dtype=np.int32), 1
    for part in parts:
        size = int(part.max(initial=0)) + 1
        if most * size > _MOST_CODES:
            code = np.unique(code, return_inverse=True)[1].astype(np.int32)
            most = int(code.max(initial=0)) + 1
        code = code * np.int32(size) + part
        most *= size
    return code


def _firsts(code: Ints) -> dict[int, int]:
    """Distinct numbers with the row where they first come, in that order, without sorting all rows."""
    head, index = np.unique(code[:_HEAD_ROWS], return_index=True)
    found = dict(sorted(zip(head.tolist(), index.tolist(), strict=True), key=lambda pair: pair[1]))
    rest = np.flatnonzero(np.bincount(code)).tolist() if len(code) else []
    later = {number: int(np.argmax(code == number)) for number in rest if number not in found}
    return found | dict(sorted(later.items(), key=lambda pair: pair[1]))


def _end(count: NDArray[np.int64]) -> int:
    present = np.flatnonzero(count)
    return int(present[-1]) + 1 if len(present) else 0
