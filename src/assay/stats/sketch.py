"""One mergeable quantile sketch, DDSketch: any quantile within one per cent, whatever the distribution.

The bins are ``ddsketch``'s own (keys of its logarithmic mapping); filling them from an array is what is done here,
because the library takes one value at a time. Bins of several sketches merge by adding counts per key.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from ddsketch import DDSketch
from ddsketch.mapping import LogarithmicMapping

RELATIVE_ERROR = 0.01
"""A quantile of the sketch lies within this share of the order statistic at rank ``floor(q * (count - 1))``."""

ZERO_KEY = -1
"""Key of durations of zero; a duration of one nanosecond or more has a key of zero or more."""

_MAPPING = LogarithmicMapping(RELATIVE_ERROR)
KEYS_PER_OCTAVE = math.log(2) / math.log(_MAPPING.gamma)

Integers = npt.NDArray[np.integer]


def keys_of(durations_ns: Integers) -> npt.NDArray[np.int16]:
    """Bin of each duration."""
    with np.errstate(divide="ignore"):
        exponents = np.log2(durations_ns)
    exponents *= KEYS_PER_OCTAVE
    np.ceil(exponents, out=exponents)
    return np.maximum(exponents, ZERO_KEY).astype(np.int16)


def lower_edge_ns(key: int) -> float:
    """The bin of ``key`` holds durations above this."""
    return -1.0 if key == ZERO_KEY else _MAPPING.gamma ** (key - 1)


def upper_edge_ns(key: int) -> float:
    """The bin of ``key`` holds durations up to this."""
    return 0.0 if key == ZERO_KEY else _MAPPING.gamma**key


def sketch_of(durations_ns: Integers) -> DDSketch:
    """A sketch of one array."""
    keys, counts = np.unique(keys_of(np.asarray(durations_ns)), return_counts=True)
    return sketch_from_bins(zip(keys.tolist(), counts.tolist(), strict=True))


def sketch_from_bins(bins: Iterable[tuple[int, int]]) -> DDSketch:
    """A sketch from ``(key, count)``; a key may come several times, so that joining lists of bins merges them."""
    sketch = DDSketch(RELATIVE_ERROR)
    for key, count in bins:
        sketch.add(0.0 if key == ZERO_KEY else _MAPPING.value(key), count)
    return sketch


def merged(sketches: Iterable[DDSketch]) -> DDSketch:
    """The sketch of everything that went into any of them."""
    whole = DDSketch(RELATIVE_ERROR)
    for sketch in sketches:
        whole.merge(sketch)
    return whole


def quantiles(sketch: DDSketch, at: Sequence[float]) -> list[float]:
    """The sketch's quantiles; not a number where it is empty."""
    values = [sketch.get_quantile_value(q) for q in at]
    return [math.nan if value is None else float(value) for value in values]
