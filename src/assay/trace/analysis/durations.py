"""Percentiles of many groups of durations: exact while there are few enough, from then on within one per cent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from assay.record.enums import Percentiles
from assay.record.rows import Distribution
from assay.stats.sketch import RELATIVE_ERROR, keys_of, quantiles, sketch_from_bins

Integers = npt.NDArray[np.int64]

EXACT_ROWS = 1 << 22
"""Most durations that are kept as they are."""
FEWEST_SAMPLES = 100
"""Fewest durations from which percentiles are stated."""

_QUANTILES = (0.5, 0.9, 0.95, 0.99)
_KEYS = 2304
"""More than the keys of all durations that 64 bits hold, with that of zero."""


class Durations:
    """Durations of groups, which are numbered from 0."""

    def __init__(self, exact_rows: int = EXACT_ROWS) -> None:
        self._exact_rows = exact_rows
        self._kept: list[tuple[npt.NDArray[np.int32], Integers]] | None = []
        self._rows = 0
        self._bins = np.zeros((0, _KEYS), np.int64)
        self._sums = np.zeros((0, 4))

    def add(self, groups: Integers, durations_ns: Integers) -> None:
        """Count durations in, each in its group."""
        if not len(groups):
            return
        self._add_sums(groups, durations_ns)
        self._rows += len(groups)
        if self._kept is None:
            self._add_bins(groups, durations_ns)
            return
        self._kept.append((groups.astype(np.int32), durations_ns))
        if self._rows > self._exact_rows:
            kept, self._kept = self._kept, None
            for each, values in kept:
                self._add_bins(each.astype(np.int64), values)

    def distributions(self, fold: Integers | None = None) -> list[Distribution | None]:
        """One for each group, or with ``fold`` for each of the groups that these are mapped to; None for empty ones."""
        groups = len(self._sums)
        mapping = np.arange(groups) if fold is None else fold[:groups]
        count = int(mapping.max()) + 1 if len(mapping) else 0
        sums = np.zeros((count, 4))
        sums[:, 2] = np.inf
        np.add.at(sums[:, :2], mapping, self._sums[:, :2])
        np.minimum.at(sums[:, 2], mapping, self._sums[:, 2])
        np.maximum.at(sums[:, 3], mapping, self._sums[:, 3])
        method = Percentiles.SKETCH if self._kept is None else Percentiles.EXACT
        found = self._sketched(mapping, count) if self._kept is None else self._exact(mapping, count)
        return [_distribution(row, values, method) for row, values in zip(sums.tolist(), found, strict=True)]

    def _add_sums(self, groups: Integers, durations_ns: Integers) -> None:
        most = int(groups.max()) + 1
        if most > len(self._sums):
            grown = np.zeros((most, 4))
            grown[:, 2] = np.inf
            grown[: len(self._sums)] = self._sums
            self._sums = grown
        order = np.argsort(groups, kind="stable")
        present, begins = np.unique(groups[order], return_index=True)
        ordered = durations_ns[order]
        self._sums[present, 0] += np.diff(np.append(begins, len(order)))
        self._sums[present, 1] += np.add.reduceat(ordered, begins)
        self._sums[present, 2] = np.minimum(self._sums[present, 2], np.minimum.reduceat(ordered, begins))
        self._sums[present, 3] = np.maximum(self._sums[present, 3], np.maximum.reduceat(ordered, begins))

    def _add_bins(self, groups: Integers, durations_ns: Integers) -> None:
        most = int(groups.max()) + 1
        if most > len(self._bins):
            self._bins = np.vstack([self._bins, np.zeros((most - len(self._bins), _KEYS), np.int64)])
        slots, counts = np.unique(groups * _KEYS + keys_of(durations_ns) + 1, return_counts=True)
        self._bins.reshape(-1)[slots] += counts

    def _exact(self, mapping: Integers, count: int) -> list[Sequence[float]]:
        if not self._kept:
            return [()] * count
        groups = mapping[np.concatenate([each for each, _ in self._kept])]
        values = np.concatenate([each for _, each in self._kept])
        order = np.lexsort((values, groups))
        values = values[order]
        edges = np.searchsorted(groups[order], np.arange(count + 1))
        return [_interpolated(values[edges[i] : edges[i + 1]]) for i in range(count)]

    def _sketched(self, mapping: Integers, count: int) -> list[Sequence[float]]:
        bins = np.zeros((count, _KEYS), np.int64)
        np.add.at(bins, mapping[: len(self._bins)], self._bins)
        found: list[Sequence[float]] = []
        for row in bins:
            used = np.flatnonzero(row)
            pairs = zip((used - 1).tolist(), row[used].tolist(), strict=True)
            found.append(tuple(quantiles(sketch_from_bins(pairs), _QUANTILES)))
        return found


def _interpolated(ordered: Integers) -> Sequence[float]:
    """Quantiles of values in order, as ``numpy.quantile`` gives them."""
    if len(ordered) < FEWEST_SAMPLES:
        return ()
    places = np.array(_QUANTILES) * (len(ordered) - 1)
    low = places.astype(np.int64)
    high = np.minimum(low + 1, len(ordered) - 1)
    values: list[float] = (ordered[low] + (places - low) * (ordered[high] - ordered[low])).tolist()
    return values


def _distribution(sums: list[float], found: Sequence[float], method: Percentiles) -> Distribution | None:
    count = int(sums[0])
    if not count:
        return None
    enough = count >= FEWEST_SAMPLES
    p50, p90, p95, p99 = (min(max(value, sums[2]), sums[3]) for value in found) if enough else (None,) * 4
    return Distribution(
        count=count,
        total_ns=int(sums[1]),
        mean_ns=sums[1] / count,
        min_ns=int(sums[2]),
        max_ns=int(sums[3]),
        percentiles=method if enough else Percentiles.NONE,
        relative_error=RELATIVE_ERROR if enough and method is Percentiles.SKETCH else 0.0,
        p50_ns=p50,
        p90_ns=p90,
        p95_ns=p95,
        p99_ns=p99,
        reason="" if enough else f"{count} {'sample' if count == 1 else 'samples'}: percentiles need {FEWEST_SAMPLES}",
    )
