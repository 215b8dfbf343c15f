"""Energy over any window from a counter that was read now and then.

A counter shows the energy up to its last update, and updates with a period of its own. So a change seen between two
readings is a point of the energy's true course: its value exactly, its time within the two readings, or within one
period before the second where that is tighter. Between two points the energy is followed by the simplest course that
fits its slopes on both sides: one step from the power before to the power after.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assay.observe.energy.meter import Sensor
from assay.observe.energy.series import Series

Floats = NDArray[np.float64]

_SIDE_PERIODS = 6.0
"""Periods on one side of an edge from which the power there is taken."""
_CONTINUOUS_S = 0.002
"""A counter that is updated at least so often is taken as it stands."""
_SHARP = 0.1
"""A slope between two points is sharp where their times are known to this share of the time between them."""
_PULSED = 0.6
"""Share of one period's energy that an edge may be wrong by, for each unit of restlessness."""
UNKNOWN_PERIOD_S = 0.1
"""Assumed where a counter never changed: the longest of those in use."""


class Estimate(NamedTuple):
    """A number and half the width of its 95 % interval."""

    value: float
    half_width: float


class Unusable(NamedTuple):
    """Why a number can't be given."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Course:
    """The energy's course as far as a counter tells it: points, and how well the time of each is known."""

    at_s: Floats
    """Time of each point."""
    error_s: Floats
    """Half the interval in which that time lies."""
    energy_j: Floats
    """Energy since the first point, unbroken by wraps and resets."""
    first_s: float
    """First reading."""
    last_s: float
    """Last reading."""
    period_s: float
    """Period of the counter."""
    quantum_j: float
    """Its smallest step."""
    bridges: tuple[tuple[float, float, float], ...]
    """Resets: between which times, and the energy about which they leave a doubt."""

    def energy(self, start_s: float, end_s: float, restless: float = 0.0) -> Estimate | Unusable:
        """Energy between two moments; ``restless`` is how far the power strays within a period, as a share of it."""
        if self.first_s > start_s + self.period_s or self.last_s < end_s - self.period_s:
            return Unusable(f"the counter was not read {self._where(start_s, end_s)}")
        start, end = self.until(start_s, restless), self.until(end_s, restless)
        bridged = sum(energy_j for begin, until, energy_j in self.bridges if until > start_s and begin < end_s)
        half_width = float(np.hypot(start.half_width, end.half_width)) + bridged / 2 + 2 * self.quantum_j
        return Estimate(end.value - start.value, half_width)

    def until(self, moment_s: float, restless: float = 0.0) -> Estimate:
        """Energy from the first point to a moment."""
        after = int(np.searchsorted(self.at_s, moment_s, side="right"))
        if after == 0:
            return self._beyond(moment_s, 0, self._power(0, forward=True))
        if after == len(self.at_s):
            return self._beyond(moment_s, after - 1, self._power(after - 1, forward=False))
        return self._between(moment_s, after - 1, restless)

    def _where(self, start_s: float, end_s: float) -> str:
        late_s, early_s = self.first_s - start_s, end_s - self.last_s
        if early_s > late_s:
            return f"for the last {early_s:.1f} s of the window"
        return f"for the first {late_s:.1f} s of the window"

    def _beyond(self, moment_s: float, nearest: int, power_w: float | None) -> Estimate:
        """A moment outside the points: the power goes on as it was, and half of that is in doubt."""
        away_s = moment_s - self.at_s[nearest]
        power_w = power_w or 0.0
        doubt_j = power_w * (min(abs(away_s), self.period_s) / 2 + self.error_s[nearest])
        return Estimate(float(self.energy_j[nearest] + power_w * away_s), float(doubt_j))

    def _between(self, moment_s: float, index: int, restless: float) -> Estimate:
        """A moment between the points ``index`` and the next."""
        begin_s, end_s = self.at_s[index], self.at_s[index + 1]
        rise_j, span_s = self.energy_j[index + 1] - self.energy_j[index], end_s - begin_s
        here_s = moment_s - begin_s
        linear_j = rise_j * here_s / span_s
        before_w, after_w = self._power(index, forward=False), self._power(index + 1, forward=True)
        if before_w is None or after_w is None:
            doubt_j = min(linear_j, rise_j - linear_j) + rise_j / span_s * self.error_s[index]
            return Estimate(float(self.energy_j[index] + linear_j), float(doubt_j))
        stepped_j = _stepped(rise_j, span_s, here_s, before_w, after_w)
        doubt_j = abs(stepped_j - linear_j) / 2
        blur_j = self.error_s[index] * before_w + self.error_s[index + 1] * after_w
        doubt_j += blur_j
        pulses_j = restless * max(rise_j, (before_w + after_w) / 2 * span_s) * _PULSED
        doubt_j = np.linalg.norm([doubt_j, self._unsteadiness(index), pulses_j])
        return Estimate(float(self.energy_j[index] + stepped_j), float(min(doubt_j, rise_j + blur_j)))

    def _power(self, index: int, *, forward: bool) -> float | None:
        """Mean power on one side of a point, over as little time as is sharp; None without another point there."""
        side = self._side(index, forward=forward)
        others = side[1:] if forward else side[-2::-1]
        best: tuple[float, float] | None = None
        for other in others.tolist():
            span_s = abs(float(self.at_s[other] - self.at_s[index]))
            blur = float(self.error_s[other] + self.error_s[index]) / max(span_s, 1e-9)
            if best is None or blur < best[0]:
                best = blur, abs(float(self.energy_j[other] - self.energy_j[index])) / max(span_s, 1e-9)
            if blur <= _SHARP:
                break
        return None if best is None else best[1]

    def _side(self, index: int, *, forward: bool) -> NDArray[np.int64]:
        """Points within a few periods on one side of a point, itself included, in order of time; at least two."""
        reach_s = max(_SIDE_PERIODS * self.period_s, 0.0)
        if forward:
            end = int(np.searchsorted(self.at_s, self.at_s[index] + reach_s, side="right"))
            return np.arange(index, min(max(end, index + 2), len(self.at_s)))
        begin = int(np.searchsorted(self.at_s, self.at_s[index] - reach_s, side="left"))
        return np.arange(max(0, min(begin, index - 1)), index + 1)

    def _unsteadiness(self, index: int) -> float:
        """How far the energy of one period strays where the power should be steady, on both sides of a moment."""
        before_j = self._stray(self._side(index, forward=False))
        return float(np.hypot(before_j, self._stray(self._side(index + 1, forward=True))))

    def _stray(self, side: NDArray[np.int64]) -> float:
        if len(side) < 4:
            return 0.0
        steps_s, steps_j = np.diff(self.at_s[side]), np.diff(self.energy_j[side])
        mean_w = steps_j.sum() / steps_s.sum()
        return float(np.std(steps_j - mean_w * steps_s))


@dataclass(frozen=True, kw_only=True)
class Direct:
    """The course of a counter that is updated all the time: each reading is the energy at its moment."""

    at_s: Floats
    """Time of each reading."""
    error_s: Floats
    """How far it may be wrong."""
    energy_j: Floats
    """Energy since the first reading, unbroken by wraps and resets."""
    period_s: float
    """Period of the counter."""
    quantum_j: float
    """Its smallest step."""
    bridges: tuple[tuple[float, float, float], ...]
    """Resets: between which times, and the energy about which they leave a doubt."""

    def energy(self, start_s: float, end_s: float, _restless: float = 0.0) -> Estimate | Unusable:
        """Energy between two moments: the difference of the readings next to them, with nothing put in between."""
        away_s = max(self.at_s[0] - start_s, end_s - self.at_s[-1])
        if away_s > 0.5:
            return Unusable(f"the counter was not read for {away_s:.1f} s of the window")
        start, end = self.until(start_s), self.until(end_s)
        bridged = sum(energy_j for begin, until, energy_j in self.bridges if until > start_s and begin < end_s)
        half_width = float(np.hypot(start.half_width, end.half_width)) + bridged / 2 + 2 * self.quantum_j
        return Estimate(end.value - start.value, half_width)

    def until(self, moment_s: float, _restless: float = 0.0) -> Estimate:
        """Energy up to the reading that is next to a moment, and what may have come between the two."""
        nearest = int(np.argmin(np.abs(self.at_s - moment_s)))
        low, high = max(0, nearest - 1), min(len(self.at_s) - 1, nearest + 1)
        power_w = (self.energy_j[high] - self.energy_j[low]) / max(self.at_s[high] - self.at_s[low], 1e-9)
        away_s = abs(self.at_s[nearest] - moment_s) + self.error_s[nearest] + self.period_s / 2
        return Estimate(float(self.energy_j[nearest]), float(power_w * away_s))


def course_of(series: Series, sensor: Sensor) -> Course | Direct | Unusable:
    """The course that a counter's readings tell."""
    if len(series) < 2:
        return Unusable(series.why() or "the counter was read less than twice")
    middle_s, error_s, shown = series.arrays()
    if sensor.period_s is not None and sensor.period_s <= _CONTINUOUS_S:
        return _direct(middle_s, error_s, shown, sensor)
    parts = _parts(middle_s, shown, sensor.wraps_at)
    values_j = [_unwrapped(shown[part], sensor.wraps_at) for part in parts]
    if not any((np.diff(values) > 0.0).any() for values in values_j):
        return Unusable("the counter never changed")
    periods = (measured_period(middle_s[part], values) for part, values in zip(parts, values_j, strict=True))
    period_s = sensor.period_s or next((period for period in periods if period), UNKNOWN_PERIOD_S)
    courses = [
        _unbroken_course(middle_s[part], error_s[part], values, period_s, sensor)
        for part, values in zip(parts, values_j, strict=True)
    ]
    return functools.reduce(_joined, courses)


def _unbroken_course(middle_s: Floats, error_s: Floats, values_j: Floats, period_s: float, sensor: Sensor) -> Course:
    """The course of readings without a reset among them."""
    changed = np.flatnonzero(np.diff(values_j, prepend=values_j[0] - 1.0) > 0.0)
    since_s = np.minimum(np.diff(middle_s, prepend=middle_s[0] - period_s)[changed], period_s)
    at_s, doubt_s = sharpened(middle_s[changed] - since_s / 2, since_s / 2 + error_s[changed], period_s)
    return Course(
        at_s=at_s,
        error_s=doubt_s,
        energy_j=values_j[changed] - values_j[0],
        first_s=float(middle_s[0]),
        last_s=float(middle_s[-1]),
        period_s=period_s,
        quantum_j=sensor.quantum,
        bridges=(),
    )


def _joined(before: Course, after: Course) -> Course:
    """Two courses with a reset between them: both are followed to the middle between their points, where they meet.

    When exactly the counter was reset makes no difference: what it showed afterwards only grew from another level.
    """
    middle_s = float(before.at_s[-1] + after.at_s[0]) / 2
    left, right = before.until(middle_s), after.until(middle_s)
    doubt_j = 2.0 * float(np.hypot(left.half_width, right.half_width))
    return dataclasses.replace(
        before,
        at_s=np.concatenate([before.at_s, after.at_s]),
        error_s=np.concatenate([before.error_s, after.error_s]),
        energy_j=np.concatenate([before.energy_j, after.energy_j + (left.value - right.value)]),
        last_s=after.last_s,
        bridges=(*before.bridges, (before.last_s, after.first_s, doubt_j), *after.bridges),
    )


def _direct(middle_s: Floats, error_s: Floats, shown: Floats, sensor: Sensor) -> Direct:
    """A counter that is updated all the time; at a reset it counts from 0 again, and what it had not shown is lost."""
    steps = np.diff(shown)
    wrapped = steps < 0.0
    resets = wrapped & (sensor.wraps_at is None)
    if sensor.wraps_at is not None:
        steps[wrapped] += sensor.wraps_at
    steps[resets] = shown[1:][resets]
    bridges = [(float(middle_s[i]), float(middle_s[i + 1]), 2.0 * float(shown[i + 1])) for i in np.flatnonzero(resets)]
    return Direct(
        at_s=middle_s,
        error_s=error_s,
        energy_j=np.concatenate([[0.0], np.cumsum(steps)]),
        period_s=sensor.period_s or _CONTINUOUS_S,
        quantum_j=sensor.quantum,
        bridges=tuple(bridges),
    )


def _parts(middle_s: Floats, shown: Floats, wraps_at: float | None) -> list[slice]:
    """Readings between resets; a fall of a counter that wraps around is none. A part of one reading tells nothing."""
    falls = [] if wraps_at is not None else (np.flatnonzero(np.diff(shown) < 0.0) + 1).tolist()
    ends = [0, *falls, len(middle_s)]
    parts = [slice(_first_update(shown, begin, end) if begin else 0, end) for begin, end in itertools.pairwise(ends)]
    return [part for part in parts if part.stop - part.start > 1]


def _first_update(shown: Floats, begin: int, end: int) -> int:
    """The first reading after a reset that shows more than its 0, which may have stood there for any time."""
    return next((place for place in range(begin, end) if shown[place] > 0.0), end)


def _unwrapped(shown: Floats, wraps_at: float | None) -> Floats:
    """The counter with its range added at every fall."""
    falls = np.diff(shown, prepend=shown[0]) < 0.0
    return shown + np.cumsum(falls) * (wraps_at or 0.0)


def measured_period(at_s: Floats, values: Floats) -> float | None:
    """The counter's period from readings that lie closer together than it; None where they do not tell it."""
    changed = np.flatnonzero(np.diff(values) > 0.0) + 1
    if len(changed) < 3:
        return None
    sharp = at_s[changed] - at_s[changed - 1]
    apart = np.diff(at_s[changed])
    usable = apart[(sharp[1:] < apart / 2) & (sharp[:-1] < apart / 2)]
    return float(np.median(usable)) if len(usable) >= 2 else None


def sharpened(at_s: Floats, error_s: Floats, period_s: float) -> tuple[Floats, Floats]:
    """Times of points that were not seen sharply, reckoned in whole periods from the nearest that was.

    Only where the sharp ones keep their period; what can't be reckoned better stays as it was.
    """
    sharp = np.flatnonzero(error_s <= _SHARP * period_s)
    steps_s = np.diff(at_s[sharp])
    steps_s = steps_s[steps_s < 1.5 * period_s]
    if len(steps_s) < 2:
        return at_s, error_s
    own_s = float(np.mean(steps_s[np.abs(steps_s - np.median(steps_s)) < period_s / 4]))
    jitter_s = float(np.std(steps_s))
    following = np.clip(np.searchsorted(at_s[sharp], at_s), 1, len(sharp) - 1)
    later, earlier = sharp[following], sharp[following - 1]
    nearest = np.where(at_s[later] - at_s < at_s - at_s[earlier], later, earlier)
    periods = np.round((at_s - at_s[nearest]) / own_s)
    reckoned_s = at_s[nearest] + periods * own_s
    doubt_s = error_s[nearest] + jitter_s * np.sqrt(np.abs(periods)) + np.abs(periods) * jitter_s / len(steps_s)
    # near the ends of the interval in which it must lie, the period before or after could be meant as well
    inside = np.abs(reckoned_s - at_s) <= error_s - doubt_s
    better = (doubt_s < error_s) & (inside | (periods == 0)) & (doubt_s < period_s / 4)
    return np.where(better, reckoned_s, at_s), np.where(better, doubt_s, error_s)


def _stepped(rise_j: float, span_s: float, here_s: float, before_w: float, after_w: float) -> float:
    """Energy up to a moment where the power goes from one level to the other once, when the rise says it did."""
    if abs(after_w - before_w) * span_s <= 1e-9 + 0.01 * rise_j:
        return rise_j * here_s / span_s
    step_s = (after_w * span_s - rise_j) / (after_w - before_w)
    step_s = min(max(step_s, 0.0), span_s)
    course_j = before_w * min(here_s, step_s) + after_w * max(0.0, here_s - step_s)
    whole_j = before_w * step_s + after_w * (span_s - step_s)
    return course_j * rise_j / whole_j if whole_j > 0.0 else rise_j * here_s / span_s
