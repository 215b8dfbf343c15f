"""Exact order statistics of any number of spans in bounded memory.

The histogram says which bin holds a rank. A second reading counts the durations in those bins alone, one counter per
nanosecond: durations are whole numbers, so that the counters give the order statistic itself. Where a bin spans more
nanoseconds than there are counters, a counter covers several, and one more reading looks only at the one that matters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

COUNTERS = 1 << 22
"""Counters of one reading, over all bins."""
_THREADS = 2
_BATCH_ROWS = 1 << 15
_DENSE_CELLS = 1 << 22

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of one cell's histogram."""

    cell: tuple[Any, ...]
    key: int
    count: int
    total_ns: int
    min_ns: int
    max_ns: int


@dataclass
class _Target:
    """A bin that holds wanted ranks, and the part of it that is still to be searched."""

    cell: int
    low_ns: int
    high_ns: int
    below: int
    """Spans of the cell that are shorter than ``low_ns``."""
    ranks: set[int] = field(default_factory=set)


def order_statistics(
    files: Sequence[Path], by: Sequence[str], cells: Sequence[tuple[tuple[Any, ...], list[Bin]]], q: Sequence[float]
) -> list[list[float]]:
    """Quantiles of each cell, interpolated between the two nearest durations as ``numpy.quantile`` does."""
    found: dict[tuple[int, int], int] = {}
    wanted = [_ranks(sum(b.count for b in bins), q) for _, bins in cells]
    targets = [target for i, (_, bins) in enumerate(cells) for target in _targets(i, bins, wanted[i])]
    finder = _CellFinder(by, [key for key, _ in cells])
    while targets:
        reading = _Reading(targets, finder, len(cells))
        with ThreadPoolExecutor(_THREADS) as pool:
            parts = pool.map(reading.count, [files[i::_THREADS] for i in range(_THREADS)])
            counters = sum(parts, start=np.zeros(reading.size, np.int64))
        targets = list(reading.narrow(counters, found))
    return [[_interpolated(i, h, found) for h in hs] for i, hs in enumerate(wanted)]


def _ranks(count: int, q: Sequence[float]) -> list[float]:
    return [(count - 1) * value for value in q]


def _interpolated(cell: int, rank: float, found: dict[tuple[int, int], int]) -> float:
    low, high = found[cell, math.floor(rank)], found[cell, math.ceil(rank)]
    return low + (high - low) * (rank - math.floor(rank))


def _targets(cell: int, bins: list[Bin], wanted: list[float]) -> Iterator[_Target]:
    ranks = {whole for rank in wanted for whole in (math.floor(rank), math.ceil(rank))}
    below = 0
    for entry in bins:
        inside = {rank for rank in ranks if below <= rank < below + entry.count}
        if inside:
            yield _Target(cell, entry.min_ns, entry.max_ns + 1, below, inside)
        below += entry.count


class _Reading:
    """One reading of the spans: a counter per slice of each target, several slices a target."""

    def __init__(self, targets: list[_Target], finder: _CellFinder, cells: int) -> None:
        self._targets = targets
        self._finder = finder
        widths = [target.high_ns - target.low_ns for target in targets]
        most = _largest_share(widths, COUNTERS)
        steps = [-(-width // most) for width in widths]
        self._step = np.array(steps)
        counters = [-(-width // step) for width, step in zip(widths, steps, strict=True)]
        self._offset = np.concatenate([[0], np.cumsum(counters)])
        self.size = int(self._offset[-1])
        self._layers = _layers(targets, cells)

    def count(self, files: Sequence[Path]) -> Integers:
        """Counters of some files."""
        counters = np.zeros(self.size, np.int64)
        columns = [*self._finder.by, "wall_ns"]
        for file in files:
            with pq.ParquetFile(file, memory_map=True) as parquet:
                for batch in parquet.iter_batches(_BATCH_ROWS, columns=columns, use_threads=False):
                    self._count_batch(batch, counters)
        return counters

    def _count_batch(self, batch: pa.RecordBatch, counters: Integers) -> None:
        cells = self._finder.cells(batch)
        wall_ns = batch.column("wall_ns").to_numpy()
        for target_of_cell, low, width in self._layers:
            distance = wall_ns - low[cells]
            rows = np.flatnonzero(distance.view(np.uint64) < width[cells])
            target = target_of_cell[cells[rows]]
            slots = distance[rows] // self._step[target] + self._offset[target]
            np.add.at(counters, slots, 1)

    def narrow(self, counters: Integers, found: dict[tuple[int, int], int]) -> Iterator[_Target]:
        """Note the ranks that are now known, and give what is still to be searched."""
        for i, target in enumerate(self._targets):
            counts = counters[self._offset[i] : self._offset[i + 1]]
            ends = np.cumsum(counts) + target.below
            step = int(self._step[i])
            narrower: dict[int, _Target] = {}
            for rank in target.ranks:
                slot = int(np.searchsorted(ends, rank, side="right"))
                if slot == len(ends):
                    raise LookupError("fewer spans than the histogram counts")
                low_ns = target.low_ns + slot * step
                if step == 1:
                    found[target.cell, rank] = low_ns
                    continue
                below = int(ends[slot] - counts[slot])
                narrower.setdefault(slot, _Target(target.cell, low_ns, low_ns + step, below)).ranks.add(rank)
            yield from narrower.values()


def _largest_share(widths: list[int], counters: int) -> int:
    """Most counters that one target may have, so that small ones get all they need and large ones an equal rest."""
    left = counters
    for i, width in enumerate(sorted(widths)):
        share = left // (len(widths) - i)
        if width > share:
            return max(share, 2)
        left -= width
    return max(widths)


def _layers(targets: list[_Target], cells: int) -> list[tuple[Integers, Integers, Integers]]:
    """Tables from cell to target, its start and its width; a cell with several targets is in several tables."""
    layers: list[tuple[Integers, Integers, Integers]] = []
    used: dict[int, int] = {}
    for i, target in enumerate(targets):
        layer = used.get(target.cell, 0)
        used[target.cell] = layer + 1
        if layer == len(layers):
            layers.append((np.zeros(cells, np.int64), np.zeros(cells, np.int64), np.zeros(cells, np.uint64)))
        for table, value in zip(layers[layer], (i, target.low_ns, target.high_ns - target.low_ns), strict=True):
            table[target.cell] = value
    return layers


class _CellFinder:
    """Numbers the cell of each row; every cell that occurs was announced."""

    def __init__(self, by: Sequence[str], cells: Sequence[tuple[Any, ...]]) -> None:
        self.by = tuple(by)
        self._codes = [
            {value: i for i, value in enumerate(dict.fromkeys(column))} for column in zip(*cells, strict=True)
        ]
        self._radices = [len(codes) for codes in self._codes]
        combined = np.array(
            [self._combine([codes[v] for codes, v in zip(self._codes, cell, strict=True)]) for cell in cells]
        )
        self._table = _inverse(combined, math.prod(self._radices))
        self._combined = combined

    def cells(self, batch: pa.RecordBatch) -> Integers:
        """The cell of each row."""
        columns = zip(self.by, self._codes, strict=True)
        combined = self._combine([_row_codes(batch.column(name), codes) for name, codes in columns])
        if self._table is not None:
            cells: Integers = self._table[combined]
            return cells
        order = np.argsort(self._combined)
        places = np.searchsorted(self._combined, combined, sorter=order)
        found: Integers = np.take(order, places)
        return found

    def _combine(self, codes: Iterable[Any]) -> Any:
        combined: Any = 0
        for code, radix in zip(codes, self._radices, strict=True):
            combined = combined * radix + code
        return combined


def _inverse(combined: Integers, limit: int) -> Integers | None:
    if limit > _DENSE_CELLS:
        return None
    table = np.zeros(limit, np.int64)
    table[combined] = np.arange(len(combined))
    return table


def _row_codes(column: pa.Array, codes: dict[Any, int]) -> Integers:
    if pa.types.is_dictionary(column.type):
        own = np.array([*(codes.get(name, 0) for name in column.dictionary.to_pylist()), codes.get(None, 0)], np.int64)
        indices = column.indices.fill_null(len(own) - 1) if column.null_count else column.indices
        return _taken(own, indices)
    numbers = [value for value in codes if value is not None]
    low, high = min(numbers, default=0), max(numbers, default=0)
    own = np.full(high - low + 2, codes.get(None, 0), np.int64)
    own[[value - low for value in numbers]] = [codes[value] for value in numbers]
    filled = column.fill_null(high + 1) if column.null_count else column
    return _taken(own, pc.subtract(filled.cast(pa.int64()), low))


def _taken(table: Integers, indices: pa.Array) -> Integers:
    taken: Integers = table[indices.to_numpy()]
    return taken
