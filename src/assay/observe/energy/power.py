"""Energy over any window from readings of power, where no counter is to be had, and as a check on one that is.

A power sensor shows its device late: it averages over a window, and shows the last average until the next. Read for as
long after the window as it lags, the whole of the window's energy has come through, together with some of what came
before and after it; where the power before and after is steady, that part is known and taken off.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assay.observe.energy.counter import Estimate, Unusable
from assay.observe.energy.meter import Sensor
from assay.observe.energy.series import Series

Floats = NDArray[np.float64]

_LEVEL_S = 0.3
"""Time in which the power before and after a window is taken, at least."""
_UNKNOWN_PERIOD_S = 0.1
_SHORT_S = 0.2
_FEWEST = 4
_UNSEEN_LAG = 0.3
"""Share of the lag that may have gone unread at the end; the power after the window then stands for it."""


class _Window(NamedTuple):
    start_s: float
    end_s: float
    lag_s: float
    """Time until a change of power has come through entirely."""
    late_s: float
    """Mean delay of what is shown."""


def energy_of(series: Series, sensor: Sensor, start_s: float, end_s: float) -> Estimate | Unusable:
    """Energy between two moments."""
    at_s, _, power_w = series.arrays()
    period_s = sensor.period_s or _UNKNOWN_PERIOD_S
    window = _Window(start_s, end_s, sensor.window_s + period_s, (sensor.window_s + period_s) / 2)
    inside = int(((at_s >= start_s) & (at_s <= end_s + window.lag_s)).sum())
    if inside < _FEWEST:
        return Unusable(series.why() or f"the power was read only {inside} times in the window")
    if end_s + window.lag_s - at_s[-1] > _UNSEEN_LAG * window.lag_s:
        return Unusable("the power was not read for long enough after the window")
    widest_s = _widest_gap(at_s, start_s, end_s)
    if widest_s > max(0.5, 0.2 * (end_s - start_s)):
        return Unusable(f"the power was not read for {widest_s:.1f} s of the window")
    return _integrated(at_s, power_w, window, sensor)


def restlessness(series: Series, sensor: Sensor, start_s: float, end_s: float) -> float | None:
    """How far the power strays from its mean while it should be at work, as a share of the mean.

    None where the sensor averages over too long a time to tell, or was hardly read.
    """
    at_s, _, power_w = series.arrays()
    period_s = sensor.period_s or _UNKNOWN_PERIOD_S
    inside = power_w[(at_s >= start_s + sensor.window_s + period_s) & (at_s <= end_s)]
    if sensor.window_s > _SHORT_S or len(inside) < _FEWEST or inside.mean() <= 0.0:
        return None
    return float(inside.std() / inside.mean())


def _integrated(at_s: Floats, power_w: Floats, window: _Window, sensor: Sensor) -> Estimate:
    shown_until_s = min(window.end_s + window.lag_s, float(at_s[-1]))
    short_s = window.end_s + window.lag_s - shown_until_s
    before_w = _level(at_s, power_w, window.start_s - max(_LEVEL_S, window.lag_s), window.start_s)
    after_w = _level(at_s, power_w, shown_until_s, shown_until_s + max(_LEVEL_S, window.lag_s))
    inside = (at_s >= window.start_s) & (at_s <= shown_until_s)
    mean_w = float(power_w[inside].mean())
    before_w, after_w = (mean_w if level is None else level for level in (before_w, after_w))
    shown_j = _area(at_s, power_w, window.start_s, shown_until_s) + after_w * short_s
    energy_j = shown_j - before_w * window.late_s - after_w * (window.lag_s - window.late_s)
    doubts_j = (
        1.96 * _sampling_j(at_s[inside], power_w[inside], sensor),
        abs(before_w - after_w) * window.lag_s / 4,
        _edges_j(at_s, window, (mean_w - before_w, mean_w - after_w)),
        _noise_w(power_w[at_s < window.start_s]) * window.lag_s,
        _swing_w(at_s, power_w, window.start_s - window.lag_s, window.start_s) * window.late_s,
        _swing_w(at_s, power_w, shown_until_s, shown_until_s + window.lag_s) * (window.lag_s - window.late_s),
        abs(mean_w - after_w) * short_s,
    )
    rounding_j = sensor.quantum * (window.end_s - window.start_s)
    return Estimate(max(energy_j, 0.0), float(np.linalg.norm(doubts_j)) + rounding_j)


def _area(at_s: Floats, power_w: Floats, start_s: float, end_s: float) -> float:
    """The integral between two moments, by trapezes."""
    inside = (at_s > start_s) & (at_s < end_s)
    moments = np.concatenate([[start_s], at_s[inside], [end_s]])
    ends = np.interp([start_s, end_s], at_s, power_w)
    return float(np.trapezoid(np.concatenate([[ends[0]], power_w[inside], [ends[1]]]), moments))


def _level(at_s: Floats, power_w: Floats, start_s: float, end_s: float) -> float | None:
    inside = (at_s >= start_s) & (at_s <= end_s)
    return float(np.median(power_w[inside])) if inside.any() else None


def _swing_w(at_s: Floats, power_w: Floats, start_s: float, end_s: float) -> float:
    """Half of what the power moved by where it should have been steady."""
    inside = power_w[(at_s >= start_s) & (at_s <= end_s)]
    return float(inside.max() - inside.min()) / 2 if len(inside) else 0.0


def _sampling_j(at_s: Floats, power_w: Floats, sensor: Sensor) -> float:
    """Standard error of the energy for what passed between two readings, or between the sensor's windows."""
    period_s = sensor.period_s or 0.0
    gaps_s = np.maximum(np.diff(at_s), period_s)
    # readings fall where they may, so that some of the sensor's averages are read twice and others never
    met = 1.0 - np.exp(-max(period_s, sensor.window_s) / gaps_s)
    unseen = 1.0 - np.minimum(1.0, sensor.window_s / gaps_s) * met
    shares = np.diff(at_s) / gaps_s
    # two readings of a power that strays by s differ by s times the root of 2; where they agree nothing is missed
    strays_w = np.diff(power_w) / np.sqrt(2)
    return float(np.sqrt((unseen * shares * (strays_w * gaps_s) ** 2).sum()))


def _edges_j(at_s: Floats, window: _Window, steps_w: tuple[float, float]) -> float:
    """What the steps at both ends may be worth: each lies somewhere between two readings."""
    gaps_s = [_gap_at(at_s, moment_s) for moment_s in (window.start_s, window.end_s)]
    return float(np.linalg.norm([step_w * gap_s / 2 for step_w, gap_s in zip(steps_w, gaps_s, strict=True)]))


def _gap_at(at_s: Floats, moment_s: float) -> float:
    after = int(np.searchsorted(at_s, moment_s))
    return float(at_s[after] - at_s[after - 1]) if 0 < after < len(at_s) else 0.1


def _noise_w(power_w: Floats) -> float:
    """Scatter of one reading where nothing should happen."""
    return float(np.std(np.diff(power_w[-20:])) / np.sqrt(2)) if len(power_w) > 2 else 0.0


def _widest_gap(at_s: Floats, start_s: float, end_s: float) -> float:
    inside = at_s[(at_s > start_s) & (at_s < end_s)]
    return float(np.diff(np.concatenate([[start_s], inside, [end_s]])).max())
