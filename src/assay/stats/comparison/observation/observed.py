"""From measurements to observations: logarithms, one location per unit and cell, blocks or sides."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assay.stats.comparison.arithmetic import column_means, student_two_sided
from assay.stats.comparison.design import Replication
from assay.stats.comparison.judgement import Location
from assay.stats.comparison.observation.common import Mask, shared_by_others
from assay.stats.comparison.observation.lines import Observed, assemble
from assay.stats.comparison.observation.location import CENTRAL, locate, logs, spread
from assay.stats.comparison.question import Measurements, Place, Values

_MOST_TIED = 0.05
_ROUNDING = 1e-12
_SPREAD_LEVEL = 0.1
"""Not strict: what is at stake is only that the middle has to answer instead."""
_CLEARLY_NARROWER = 2.0 * np.log(0.97)
"""A location below the middle is taken where it is at least 3 % narrower: it also moves with the spread."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side, located: the total stands in the last column."""

    values: dict[Location, Values]
    """Shape (units, cells + 1), logarithms."""


@dataclass(frozen=True, kw_only=True)
class Located:
    """Both sides under one location."""

    location: Location
    observed: Observed
    before: Values
    """Shape (cells + 1,): the typical value of the baseline, the total last."""
    after: Values
    tied: Mask
    """Shape (cells + 1,): cells (and the total) that are exactly alike in every observation."""


def located_sides(measurements: Measurements) -> Side:
    """Every location of every unit and cell."""
    durations = measurements.durations
    totals = durations.sum(axis=1) if measurements.totals is None else measurements.totals
    if totals.shape[-1] != durations.shape[-1]:
        parts = locate(np.sort(logs(durations), axis=-1)), locate(np.sort(logs(totals[:, None, :]), axis=-1))
        shared = [location for location in parts[0] if location in parts[1]]
        return Side(values={key: np.concatenate([part[key] for part in parts], axis=1) for key in shared})
    whole = np.concatenate([durations, totals[:, None, :]], axis=1)
    return Side(values=locate(np.sort(logs(whole), axis=-1)))


def typical(measurements: Measurements) -> Values:
    """Shape (cells + 1,): the middle unit's middle token in each cell, the total last; nothing is judged by it."""
    durations = measurements.durations
    totals = durations.sum(axis=1) if measurements.totals is None else measurements.totals
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        # cell by cell: a median copies what it orders
        cells = [np.nanmedian(np.nanmedian(durations[:, cell], axis=1)) for cell in range(durations.shape[1])]
        return np.append(cells, np.nanmedian(totals))


def candidates(sides: tuple[Side, Side], replication: Replication) -> list[Located]:
    """Both sides under every location that this design may use."""
    allowed = [location for location in sides[0].values if location in sides[1].values]
    if not replication.paired:
        allowed = [location for location in allowed if location in CENTRAL]
    return [_located(location, sides, replication) for location in allowed]


def chosen(options: Iterable[Located]) -> Located:
    """The location under which the sides' differences are smallest, whatever their sign."""
    fine = _fine_enough(list(options))
    sizes = {option.location: _size(option) for option in fine}
    central = [option for option in fine if option.location in CENTRAL]
    best = min(fine, key=lambda option: sizes[option.location])
    best_central = min(central, key=lambda option: sizes[option.location])
    narrower = sizes[best.location] - sizes[best_central.location]
    return best if narrower < _CLEARLY_NARROWER else best_central


def beginning(located: Located, observations: int) -> Located:
    """What was known when only these first blocks had run."""
    observed = located.observed
    first = replace(
        observed,
        cells=observed.cells[:observations],
        total=observed.total[:observations],
        sums=None if observed.sums is None else observed.sums[:observations],
    )
    return replace(located, observed=first)


def spread_moved(
    options: Sequence[Located], location: Location, places: Sequence[Place], groups: Sequence[tuple[int, ...]]
) -> bool:
    """Whether, in any of these places, the way from the location to the median differs between the sides."""
    middle = next(option.observed for option in options if option.location is Location.MEDIAN)
    low = next(option.observed for option in options if option.location is location)
    way = replace(middle, cells=middle.cells - low.cells, total=middle.total - low.total, sums=None)
    lines = assemble(way, groups, np.zeros(way.cells.shape[1], np.bool_))
    chosen_lines = lines.raw[:, [lines.places.index(place) for place in places]]
    present = ~np.isnan(chosen_lines)
    counts = present.sum(axis=0)
    means = column_means(chosen_lines)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = (np.where(present, chosen_lines - means, 0.0) ** 2).sum(axis=0) / (counts - 1.0) / counts
        p_values = student_two_sided(means / np.sqrt(squares), counts - 1.0)
    return bool((np.nan_to_num(p_values, nan=1.0) < _SPREAD_LEVEL).any())


def _fine_enough(options: list[Located]) -> list[Located]:
    """Without those in which a coarse clock leaves ties; the trimmed mean always stays."""
    shares = [_tied_share(option) for option in options]
    least = shares[0]
    return [option for option, share in zip(options, shares, strict=True) if share <= max(_MOST_TIED, least)]


def _tied_share(option: Located) -> float:
    cells = option.observed.cells
    if option.observed.after is not None:
        ordered = np.sort(cells, axis=0)
        return float(np.mean(np.diff(ordered, axis=0) == 0.0)) if len(cells) > 1 else 0.0
    return float(np.mean(cells == 0.0))


def _size(option: Located) -> float:
    cells, after = option.observed.cells, option.observed.after
    everybody = np.ones(cells.shape[1], np.bool_)
    shared = shared_by_others(cells, everybody)
    rest = cells - (0.0 if np.isnan(shared).all() else shared)
    if after is None:
        return spread(rest)
    return spread(np.concatenate([rest[rows] - column_means(rest[rows]) for rows in (after, ~after)]))


def _located(location: Location, sides: tuple[Side, Side], replication: Replication) -> Located:
    before = _averaged(replication.before, sides[0].values[location])
    after = _averaged(replication.after, sides[1].values[location])
    typical = column_means(before), column_means(after)
    shares = np.nan_to_num(np.exp(0.5 * (typical[0] + typical[1])))[:-1]
    if replication.paired:
        values, is_after = after - before, None
        apart = np.fmax.reduce(np.abs(values), axis=0)
        sums = 0.5 * (after + before)
    else:
        values = np.concatenate([before, after]) - 0.5 * (typical[0] + typical[1])
        is_after, sums = np.arange(len(values)) >= len(before), None
        apart = np.fmax.reduce(values, axis=0) - np.fmin.reduce(values, axis=0)
    tied: Mask = np.logical_not(np.asarray(apart) > _ROUNDING)
    observed = Observed(cells=values[:, :-1], total=values[:, -1], after=is_after, shares=shares, sums=sums)
    return Located(
        location=location,
        observed=observed,
        before=np.exp(typical[0]),
        after=np.exp(typical[1]),
        tied=tied,
    )


def _averaged(weights: Values, values: Values) -> Values:
    present = ~np.isnan(values)
    sums = weights @ np.where(present, values, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        averages: Values = np.where(weights @ present > 0.0, sums / (weights @ present), np.nan)
    return averages
