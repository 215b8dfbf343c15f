"""What the meters told about one cycle, as rows of its record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from assay.measure.experiment.phases import Mark, parts_of, phase_energies
from assay.observe.energy.account import Account, Ledger
from assay.observe.energy.baseline import Span
from assay.observe.energy.meter import Quantity
from assay.observe.energy.sampler import Metered
from assay.observe.energy.session import Meters
from assay.observe.energy.throttle import Slowed, flags_of, slowed
from assay.record.base import Derived, Estimated, Measured, Missing, one_line
from assay.record.base import Quantity as Number
from assay.record.enums import Severity
from assay.record.rows import Device, EnergyWindow, Evidence, Metric, QualityFlag

Window = tuple[int, int]


class Timed(NamedTuple):
    """A launch as far as its energy is concerned."""

    window: Window
    marks: tuple[Mark, ...]


SUMS = ("gpu_energy_j", "cpu_energy_j", "memory_energy_j")
_FEWEST_PERIODS = 10
THROTTLING = {
    "sw_power_cap": "throttled_power_s",
    "hw_power_brake_slowdown": "throttled_power_s",
    "board_limit": "throttled_power_s",
    "sw_thermal_slowdown": "throttled_thermal_s",
    "hw_thermal_slowdown": "throttled_thermal_s",
    "thermal_slowdown": "throttled_thermal_s",
    "hw_slowdown": "throttled_other_s",
}
"""Metric of each reason that is not benign."""


class Energies(NamedTuple):
    """Rows for the record."""

    devices: tuple[Device, ...]
    windows: tuple[EnergyWindow, ...]
    metrics: tuple[Metric, ...]
    flags: tuple[QualityFlag, ...]


def energies_of(meters: Meters, launches: Sequence[Timed], before: Span | None, after: Span | None) -> Energies:
    """Energy of every device in every launch, and of all launches together."""
    windows = [launch.window for launch in launches]
    reason = meters.why_none()
    if reason:
        missing = Missing(reason=one_line(reason))
        return Energies((), (), tuple(Metric(name=name, value=missing) for name in ("energy_j", *SUMS)), meters.flags())
    books = [_Book(one, launches, before, after) for one in meters.metered]
    window_s = sum(end_ns - start_ns for start_ns, end_ns in windows) / 1e9
    flags = [*meters.flags(), *(flag for book in books for flag in book.flags(window_s)), *_sampling(meters)]
    return Energies(
        devices=tuple(book.device() for book in books),
        windows=tuple(account.window for book in books for account in book.accounts),
        metrics=(*_totals(books, meters), *(metric for book in books for metric in book.metrics(window_s))),
        flags=_once(flags),
    )


class _Book:
    """One device over all windows of a cycle."""

    def __init__(self, one: Metered, launches: Sequence[Timed], before: Span | None, after: Span | None) -> None:
        windows = [launch.window for launch in launches]
        self._one = one
        self._windows = windows
        self._ledger = Ledger(one, before, after)
        self.accounts: list[Account] = [self._ledger.account(*window) for window in windows]
        parts = [parts_of(launch.window, launch.marks) for launch in launches]
        self._phases, self._labels = phase_energies(self._ledger, one.reader.device.id, parts)
        self._slowed: list[Slowed] = [entry for window in windows for entry in slowed(one, *window)]

    @property
    def metric(self) -> str:
        """Metric it adds to."""
        return self._one.reader.device.metric

    def total(self) -> Number:
        """Its energy over all windows."""
        return summed([account.window.raw_j for account in self.accounts], "energy.raw_j")

    def adjusted(self) -> Number:
        """The same above its idle power."""
        return summed([account.window.adjusted_j for account in self.accounts], "energy.adjusted_j")

    def device(self) -> Device:
        """Its row."""
        metered = self._one.reader.device
        return Device(id=metered.id, kind=metered.kind, name=metered.name, uuid=metered.uuid, energy_j=self.total())

    def metrics(self, window_s: float) -> tuple[Metric, ...]:
        """Its own numbers."""
        device = self._one.reader.device.id
        baseline = self.accounts[0].window.baseline_w if self.accounts else Missing(reason="nothing was measured")
        rows = [
            Metric(name="energy_j", value=self.total(), device=device),
            Metric(name="energy_adjusted_j", value=self.adjusted(), device=device),
            Metric(name="baseline_power_w", value=baseline, device=device),
        ]
        looked = any(channel.quantity in {Quantity.SLOWED, Quantity.REASONS} for channel in self._one.channels)
        for name in sorted(set(THROTTLING.values())) if looked and self._windows else ():
            seconds = sum(entry.seconds for entry in self._slowed if THROTTLING.get(entry.reason) == name)
            told = Measured(value=min(seconds, window_s), by="driver:clocks_event_reasons")
            rows.append(Metric(name=name, value=told, device=device))
        return (*rows, *self._phases)

    def flags(self, window_s: float) -> tuple[QualityFlag, ...]:
        """What must be known about its numbers."""
        found = [flag for account in self.accounts for flag in account.flags]
        return (*found, *flags_of(_merged(self._slowed), window_s), *self._short(), *self._labels)

    def _short(self) -> tuple[QualityFlag, ...]:
        """A flag where windows are too short for the counter's period."""
        period_s = self._ledger.period_s
        lengths_s = [(end_ns - start_ns) / 1e9 for start_ns, end_ns in self._windows]
        if period_s is None or not lengths_s or min(lengths_s) >= _FEWEST_PERIODS * period_s:
            return ()
        device = self._one.reader.device.id
        message = f"Launches are shorter than {_FEWEST_PERIODS} periods of the counter of {device}; mind the interval."
        evidence = (
            Evidence(name="shortest launch", value=min(lengths_s), unit="s"),
            Evidence(name="period of the counter", value=period_s, unit="s"),
        )
        return (QualityFlag(id="energy_window_short", severity=Severity.INFO, message=message, evidence=evidence),)


def summed(parts: Sequence[Number], source: str) -> Number:
    """The sum of independent parts; unknown where one of them is."""
    for part in parts:
        if isinstance(part, Missing):
            return part
    values = [float(part.value) for part in parts if part.value is not None]
    halves = [((part.high or 0.0) - (part.low or 0.0)) / 2 for part in parts if not isinstance(part, Missing)]
    if not values:
        return Missing(reason="nothing was measured")
    half_width = float(np.linalg.norm(halves))
    total = sum(values)
    models = {part.model for part in parts if isinstance(part, Estimated)}
    if models:
        return Estimated(value=total, model=", ".join(sorted(models)))
    return Derived(value=total, sources=(source,), low=total - half_width, high=total + half_width)


def _totals(books: Sequence[_Book], meters: Meters) -> Iterable[Metric]:
    """Sums over devices of one kind, and over all."""
    kinds = {name: [book for book in books if book.metric == name] for name in SUMS}
    known = [name for name, of_kind in kinds.items() if of_kind]
    for name, of_kind in kinds.items():
        if of_kind:
            yield Metric(name=name, value=summed([book.total() for book in of_kind], "energy.raw_j"))
        else:
            yield Metric(name=name, value=Missing(reason=_why_not(name, meters)))
    everything = summed([book.total() for book in books], "energy.raw_j")
    yield Metric(name="energy_j", value=_from(everything, tuple(known)))
    yield Metric(name="energy_adjusted_j", value=summed([book.adjusted() for book in books], "energy.adjusted_j"))
    levels = [book.accounts[0].window.baseline_w for book in books if book.accounts]
    yield Metric(name="baseline_power_w", value=summed(levels, "energy.baseline_w"))


def _from(total: Number, names: tuple[str, ...]) -> Number:
    if isinstance(total, Missing | Estimated) or not names:
        return total
    return Derived(value=total.value, sources=names, low=total.low, high=total.high)


def _why_not(metric: str, meters: Meters) -> str:
    wanted = ("nvml", "hwmon") if metric == "gpu_energy_j" else ("rapl",)
    reasons = [f"{name}: {found.reason}" for name, found in meters.found.items() if name in wanted and found.reason]
    return one_line("; ".join(reasons) or "no source of energy for it was asked for")


def _merged(entries: Sequence[Slowed]) -> tuple[Slowed, ...]:
    """One entry for each device and reason, over all windows."""
    merged: dict[tuple[str, str], Slowed] = {}
    for entry in entries:
        key = (entry.device, entry.reason)
        before = merged.get(key)
        merged[key] = entry if before is None else _sum(before, entry)
    return tuple(merged.values())


def _sum(one: Slowed, other: Slowed) -> Slowed:
    return Slowed(
        device=one.device,
        reason=one.reason,
        seconds=one.seconds + other.seconds,
        counted=one.counted and other.counted,
        looks=one.looks + other.looks,
        benign=one.benign,
    )


def _sampling(meters: Meters) -> Iterable[QualityFlag]:
    """What reading the meters missed."""
    gaps = meters.sampler.gaps
    if gaps:
        longest_s = max(gap.end_ns - gap.start_ns for gap in gaps) / 1e9
        message = f"The meters were read late {len(gaps)} times, by up to {longest_s:.2f} s."
        evidence = (
            Evidence(name="gaps", value=float(len(gaps))),
            Evidence(name="longest gap", value=longest_s, unit="s"),
        )
        yield QualityFlag(id="energy_gaps", severity=Severity.INFO, message=message, evidence=evidence)


def _once(flags: Sequence[QualityFlag]) -> tuple[QualityFlag, ...]:
    """Each flag with the same words once."""
    return tuple({(flag.id, flag.message): flag for flag in flags}.values())
