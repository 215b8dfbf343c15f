"""What a device used in a window: by its counter, or by its power, each checked against the other."""

from __future__ import annotations

from typing import NamedTuple

from assay.observe.energy.baseline import Span, idle_power
from assay.observe.energy.counter import Course, Direct, Estimate, Unusable, course_of
from assay.observe.energy.meter import Channel, Quantity, Sensor
from assay.observe.energy.power import energy_of, restlessness
from assay.observe.energy.sampler import Metered
from assay.observe.energy.series import Series
from assay.record.base import Derived, Estimated, Measured, Missing, one_line
from assay.record.base import Quantity as Number
from assay.record.enums import EnergyMethod, Phase, Severity
from assay.record.rows import EnergyWindow, Evidence, QualityFlag

DISAGREEMENT = 0.05
_ASSUMED_RESTLESS = 0.25
"""How far the power strays within a period where no sensor is fast enough to tell."""
_DEAD_PERIODS = 20


class Told(NamedTuple):
    """One channel with what it told."""

    channel: Channel
    sensor: Sensor
    series: Series


class Account(NamedTuple):
    """The energy of one device in one window."""

    window: EnergyWindow
    flags: tuple[QualityFlag, ...]


class Ledger:
    """The accounts of one device over one measurement; its meters' courses are worked out once."""

    def __init__(self, one: Metered, before: Span | None = None, after: Span | None = None) -> None:
        self._one = one
        told = [Told(*each) for each in zip(one.channels, one.sensors, one.series, strict=True)]
        self._counter = next((each for each in told if each.channel.quantity is Quantity.ENERGY), None)
        self._powers = [each for each in told if each.channel.quantity is Quantity.POWER]
        self._course = self._course_of_counter()
        idle = idle_power(one, before, after) if before or after else Unusable("no idle baseline was measured")
        self._idle = idle

    def account(self, start_ns: int, end_ns: int, phase: Phase = Phase.NONE) -> Account:
        """The device's energy between two moments."""
        start_s, end_s = start_ns / 1e9, end_ns / 1e9
        powers = [(each, energy_of(each.series, each.sensor, start_s, end_s)) for each in self._powers]
        usable = [(each, energy) for each, energy in powers if isinstance(energy, Estimate)]
        restless = self._restless(start_s, end_s)
        counted = self.counted(start_s, end_s, restless)
        flags = list(self._resets(start_s, end_s))
        if isinstance(counted, Unusable):
            told, energy = self._best_power(usable) if usable else (None, counted)
            if self._counter is not None and usable:
                flags.append(_fallen_back(self._one.reader.device.id, counted.reason))
        else:
            told, energy = self._counter, counted
            checked = _disagreement(self._one.reader.device.id, counted, usable)
            if checked is not None:
                flags.append(checked)
                energy = self._doubted(start_s, end_s, counted, checked)
        window = self._window(start_ns, end_ns, phase, told, energy)
        return Account(window, tuple(flags))

    def counted(self, start_s: float, end_s: float, restless: float = 0.0) -> Estimate | Unusable:
        """Energy between two moments by the counter alone."""
        if isinstance(self._course, Unusable):
            return self._course
        return self._course.energy(start_s, end_s, restless)

    @property
    def period_s(self) -> float | None:
        """Period of the counter; None where there is none."""
        return None if isinstance(self._course, Unusable) else self._course.period_s

    @property
    def idle(self) -> Estimate | Unusable:
        """Power of the idle device."""
        return self._idle

    def _course_of_counter(self) -> Course | Direct | Unusable:
        if self._counter is None:
            return Unusable("it has no energy counter")
        course = course_of(self._counter.series, self._counter.sensor)
        if isinstance(course, Direct):
            at_s, _, values = self._counter.series.arrays()
            if values.max() == values.min() and at_s[-1] - at_s[0] > _DEAD_PERIODS * course.period_s + 0.5:
                return Unusable(f"its counter did not move in {at_s[-1] - at_s[0]:.1f} s")
        return course

    def _restless(self, start_s: float, end_s: float) -> float:
        found = [restlessness(each.series, each.sensor, start_s, end_s) for each in self._powers]
        known = [value for value in found if value is not None]
        return max(known) if known else (_ASSUMED_RESTLESS if self._powers else 0.0)

    def _doubted(self, start_s: float, end_s: float, counted: Estimate, flag: QualityFlag) -> Estimate:
        """The counter holds, but a power that says something else may have looked away from pulses."""
        away = min(1.0, 3.0 * flag.evidence[-1].value)
        doubted = self.counted(start_s, end_s, away)
        return doubted if isinstance(doubted, Estimate) else counted

    def _best_power(self, usable: list[tuple[Told, Estimate]]) -> tuple[Told, Estimate]:
        """The sensor that looks longest misses least."""
        return max(usable, key=lambda each: each[0].sensor.window_s)

    def _resets(self, start_s: float, end_s: float) -> list[QualityFlag]:
        if isinstance(self._course, Unusable):
            return []
        inside = [each for each in self._course.bridges if each[1] > start_s and each[0] < end_s]
        device = self._one.reader.device.id
        return [_was_reset(device, until_s - from_s, energy_j) for from_s, until_s, energy_j in inside]

    def _window(
        self, start_ns: int, end_ns: int, phase: Phase, told: Told | None, energy: Estimate | Unusable
    ) -> EnergyWindow:
        device = self._one.reader.device
        source = told.channel.name if told else self._one.channels[0].name if self._one.channels else device.id
        method = device.method
        if method is EnergyMethod.COUNTER and told is not None and told.channel.quantity is Quantity.POWER:
            method = EnergyMethod.INTEGRATED_POWER
        raw = quantity_of(energy, source, method)
        return EnergyWindow(
            source=source,
            device=device.id,
            phase=phase,
            start_ns=start_ns,
            end_ns=end_ns,
            method=method,
            raw_j=raw,
            baseline_w=_baseline(self._idle, source, method),
            adjusted_j=adjusted(energy, self._idle, (end_ns - start_ns) / 1e9),
            uncertainty_j=_uncertainty(energy),
            period_s=self.period_s if told is self._counter and told else told.sensor.period_s if told else None,
            tolerance_share=told.sensor.tolerance_share if told else None,
        )


def quantity_of(energy: Estimate | Unusable, source: str, method: EnergyMethod) -> Number:
    """An energy as the record writes it."""
    if isinstance(energy, Unusable):
        return Missing(reason=one_line(energy.reason))
    low, high = max(0.0, energy.value - energy.half_width), energy.value + energy.half_width
    if method is EnergyMethod.MODEL:
        return Estimated(value=energy.value, model=source)
    return Measured(value=energy.value, by=source, low=low, high=high)


def adjusted(energy: Estimate | Unusable, idle: Estimate | Unusable, window_s: float) -> Number:
    """Energy above the idle power."""
    for unusable in (energy, idle):
        if isinstance(unusable, Unusable):
            return Missing(reason=one_line(unusable.reason))
    assert isinstance(energy, Estimate)  # noqa: S101 - the loop has returned otherwise
    assert isinstance(idle, Estimate)  # noqa: S101
    value = energy.value - idle.value * window_s
    half_width = (energy.half_width**2 + (idle.half_width * window_s) ** 2) ** 0.5
    return Derived(value=value, sources=("raw_j", "baseline_w"), low=value - half_width, high=value + half_width)


def _baseline(idle: Estimate | Unusable, source: str, method: EnergyMethod) -> Number:
    if isinstance(idle, Unusable):
        return Missing(reason=one_line(idle.reason))
    if method is EnergyMethod.MODEL:
        return Estimated(value=idle.value, model=source)
    return Measured(value=idle.value, by=source, low=idle.value - idle.half_width, high=idle.value + idle.half_width)


def _uncertainty(energy: Estimate | Unusable) -> Number:
    if isinstance(energy, Unusable):
        return Missing(reason=one_line(energy.reason))
    return Derived(value=energy.half_width, sources=("raw_j",))


def _disagreement(device: str, counted: Estimate, usable: list[tuple[Told, Estimate]]) -> QualityFlag | None:
    """The flag where the quickest sensor says something else than the counter, beyond what both are unsure of."""
    if not usable:
        return None
    told, energy = min(usable, key=lambda each: each[0].sensor.window_s)
    apart_j = abs(energy.value - counted.value)
    share = apart_j / max(counted.value, 1e-9)
    if share <= DISAGREEMENT or apart_j <= energy.half_width + counted.half_width:
        return None
    message = f"{told.channel.name} of {device} gives {share:.0%} another energy than its counter."
    evidence = (
        Evidence(name="counter", value=counted.value, unit="J"),
        Evidence(name=told.channel.name, value=energy.value, unit="J"),
        Evidence(name="difference", value=share),
    )
    return QualityFlag(id="energy_sources_disagree", severity=Severity.WARNING, message=message, evidence=evidence)


def _fallen_back(device: str, reason: str) -> QualityFlag:
    message = f"The energy of {device} is its power over time, not its counter's: {reason}."
    return QualityFlag(id="energy_counter_unused", severity=Severity.WARNING, message=message)


def _was_reset(device: str, gap_s: float, doubt_j: float) -> QualityFlag:
    message = f"The energy counter of {device} was reset; what it lost was supplied from the power around it."
    evidence = (Evidence(name="gap", value=gap_s, unit="s"), Evidence(name="doubt", value=doubt_j, unit="J"))
    return QualityFlag(id="energy_counter_reset", severity=Severity.WARNING, message=message, evidence=evidence)
