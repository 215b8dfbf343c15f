"""Readings of meters whose truth is known, made without any clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from assay.observe.energy.meter import Answer, Channel, MeteredDevice, Quantity, Sensor
from assay.observe.energy.sampler import Metered
from assay.observe.energy.series import Series
from assay.record.enums import DeviceKind

Energy = Callable[[float], float]
ORIGIN_S = 100.0


def energy_of(idle_w: float, *loads: tuple[float, float, float]) -> Energy:
    """Energy until a moment: idle power, and loads as start, end and watts; times from the first moment on."""

    def until(at_s: float) -> float:
        above = sum(watts * max(0.0, min(at_s, end) - start) for start, end, watts in loads)
        return idle_w * (at_s + 50.0) + above

    return until


def moments(start_s: float, end_s: float, *edges: float, seed: int = 1) -> NDArray[np.float64]:
    """When a sampler reads: ten times a second, and often around edges."""
    slots = np.arange(start_s, end_s, 0.1)
    slots = slots + np.random.default_rng(seed).uniform(0.0, 0.09, len(slots))
    bursts = [np.arange(edge - 0.26, edge, 0.002) for edge in edges]
    bursts += [np.arange(edge + 0.0005, edge + 0.26, 0.002) for edge in edges]
    return np.sort(np.concatenate([slots, *bursts]))


def series(at_s: Iterable[float], values: Iterable[float]) -> Series:
    """A series of readings that took twenty microseconds each."""
    kept = Series()
    for moment_s, value in zip(at_s, values, strict=True):
        at_ns = int((moment_s + ORIGIN_S) * 1e9)
        kept.keep(Answer(0, at_ns - 10_000, at_ns + 10_000, float(value)))
    return kept


def counter(energy: Energy, at_s: NDArray[np.float64], period_s: float = 0.1, phase_s: float = 0.037) -> Series:
    """What a counter of millijoules shows at these moments."""
    updates = phase_s + np.floor((at_s - phase_s) / period_s) * period_s
    return series(at_s, [np.floor(energy(update) * 1e3) / 1e3 for update in updates.tolist()])


def power(energy: Energy, at_s: NDArray[np.float64], period_s: float = 0.02, window_s: float = 0.02) -> Series:
    """What a sensor shows that averages over a window, and keeps the average for a period."""
    updates = np.floor(at_s / period_s) * period_s
    return series(at_s, [(energy(update) - energy(update - window_s)) / window_s for update in updates.tolist()])


class Told:
    """A reader of which only what it has told is of interest."""

    interval_s, tail_s = 0.1, 0.0

    def __init__(self, channels: Sequence[Channel], metric: str = "gpu_energy_j") -> None:
        self.channels = channels
        self.device = MeteredDevice(id="gpu:0", kind=DeviceKind.GPU, name="simulated", metric=metric)

    def read(self, *, full: bool = True) -> list[Answer]:  # noqa: ARG002 -- the interface's
        return []

    def close(self) -> None:
        return None


def metered(*told: tuple[Quantity, Sensor, Series], names: Sequence[str] = ()) -> Metered:
    """A device with these channels and readings."""
    titles = names or [f"{quantity.value}:{place}" for place, (quantity, _, _) in enumerate(told)]
    channels = [
        Channel(name=name, quantity=quantity, sensor=sensor)
        for name, (quantity, sensor, _) in zip(titles, told, strict=True)
    ]
    return Metered(
        reader=Told(channels), series=tuple(each for _, _, each in told), sensors=[sensor for _, sensor, _ in told]
    )


def ns(at_s: float) -> int:
    """A moment of these readings on their clock."""
    return int((at_s + ORIGIN_S) * 1e9)
