"""What removing a cause could give at most: the share of the wall time spent there, with its interval."""

from __future__ import annotations

import numpy as np

from assay.analyze.match import rounded
from assay.analyze.places import Place
from assay.record.diagnosis.findings import Clock, Gain

_BLOCKS = 20
_T_95 = 2.093
"""Two-sided 95 % quantile of Student's t with ``_BLOCKS - 1`` degrees of freedom."""


def gain_of(place: Place, clocks: tuple[Clock, ...]) -> Gain | None:
    """Share of the wall time in those clocks that the place has; None where no clocks were read.

    Samples in a row resemble each other, so the interval comes from the spread between blocks of the run, not from
    the number of samples.
    """
    evidence = place.evidence
    if not clocks or not evidence.has("threads") or not evidence.wall_s:
        return None
    walls = [evidence.wall_share(clock) for clock in clocks]
    spreads = [_shares(place, clock) for clock in clocks]
    blocks = sum((wall * spread for wall, spread in zip(walls, spreads, strict=True)), np.zeros(_BLOCKS))
    shares = [place.share(clock) for clock in clocks]
    share = sum(wall * (1.0 if one is None else one) for wall, one in zip(walls, shares, strict=True))
    half = _T_95 * float(blocks.std(ddof=1)) / np.sqrt(_BLOCKS)
    return Gain(
        share=rounded(min(1.0, share)),
        low=rounded(max(0.0, share - half)),
        high=rounded(min(1.0, share + half)),
    )


def _shares(place: Place, clock: Clock) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The same in each of twenty blocks of the run."""
    samples, evidence = place.evidence.samples, place.evidence
    if samples is None or not len(samples):
        return np.ones(_BLOCKS)
    length = max(1, evidence.end_ns - evidence.start_ns)
    block = np.clip((samples.time_ns - evidence.start_ns) * _BLOCKS // length, 0, _BLOCKS - 1)
    weights = evidence.deciding(clock)
    total = np.bincount(block, weights, _BLOCKS)
    here = np.bincount(block[place.rows], weights[place.rows], _BLOCKS)
    mean = float(here.sum() / total.sum()) if total.sum() > 0 else 0.0
    return np.asarray(np.divide(here, total, out=np.full(_BLOCKS, mean), where=total > 0))
