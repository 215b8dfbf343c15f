"""One number for the tokens of a unit in a cell, and which number serves this comparison best.

The choice looks at the size of the differences between the sides, never at their sign, so that a test by sign patterns
stays exact whichever is chosen.
"""

from __future__ import annotations

import numpy as np

from assay.stats.comparison.arithmetic import NORMAL_SPREAD, column_means
from assay.stats.comparison.judgement import Location
from assay.stats.comparison.question import Values

CENTRAL = (Location.TRIMMED_MEAN, Location.CORE, Location.MEDIAN)
LOW = (Location.LOWER_QUARTILE, Location.LOWER_DECILE)
_TRIMMED = 0.2
_CORE_REACH = 4.5
"""Standard deviations of the bulk from which on a token counts for nothing: 94 % efficient where nothing disturbs."""
_CORE_STEPS = 2
_FEWEST_TOKENS = {
    Location.TRIMMED_MEAN: 1,
    Location.CORE: 8,
    Location.MEDIAN: 1,
    Location.LOWER_QUARTILE: 8,
    Location.LOWER_DECILE: 16,
}
"""Below, a quantile is an order statistic by chance."""


def logs(durations: Values) -> Values:
    """Logarithms; what is not positive, or not a number, is missing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        values: Values = np.log(np.where(durations > 0.0, durations, np.nan))
    values[~np.isfinite(values)] = np.nan
    return values


def locate(ordered: Values) -> dict[Location, Values]:
    """Every location that the tokens (last axis, sorted logarithms, NaN last) allow."""
    tokens = ordered.shape[-1]
    whole = not np.isnan(ordered[..., -1]).any() if tokens else True
    allowed = [location for location in Location if tokens >= _FEWEST_TOKENS[location]] or list(CENTRAL)
    return {location: _whole(ordered, location) if whole else _partial(ordered, location) for location in allowed}


def _whole(ordered: Values, location: Location) -> Values:
    tokens = ordered.shape[-1]
    if location is Location.TRIMMED_MEAN:
        cut = int(_TRIMMED * tokens)
        mean: Values = ordered[..., cut : tokens - cut].mean(axis=-1)
        return mean
    if location is Location.CORE:
        return _core(ordered)
    position = {Location.MEDIAN: 0.5, Location.LOWER_QUARTILE: 0.25, Location.LOWER_DECILE: 0.1}[location]
    place = position * (tokens - 1)
    low, share = int(place), place - int(place)
    high = min(low + 1, tokens - 1)
    between: Values = ordered[..., low] * (1.0 - share) + ordered[..., high] * share
    return between


def _core(ordered: Values) -> Values:
    """Tukey's biweight from the median on: interrupted tokens, or those of a rarer mode, count for nothing."""
    centre = np.median(ordered, axis=-1, keepdims=True)
    away = ordered - centre
    reach = _CORE_REACH * NORMAL_SPREAD * np.median(np.abs(away), axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(_CORE_STEPS):
            weights = np.clip(1.0 - (away / reach) ** 2, 0.0, None) ** 2
            # where half of the tokens are alike there is no bulk to measure by, and the median stays
            moved = np.nan_to_num((weights * away).sum(axis=-1, keepdims=True) / weights.sum(axis=-1, keepdims=True))
            centre, away = centre + moved, away - moved
    core: Values = centre[..., 0]
    return core


def _partial(ordered: Values, location: Location) -> Values:
    """The same where the number of tokens differs between units."""
    counts = np.count_nonzero(~np.isnan(ordered), axis=-1)
    result = np.full(counts.shape, np.nan)
    for count in np.unique(counts[counts > 0]):
        here = counts == count
        result[here] = _whole(ordered[here][..., :count], location)
    return result


def spread(differences: Values) -> float:
    """How far apart the sides lie, over all cells: the mean logarithm of each cell's root mean square."""
    squares = column_means(differences**2)
    squares = squares[squares > 0.0]
    return float(np.log(squares).mean()) if len(squares) else np.inf
