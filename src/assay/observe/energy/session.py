"""Meters open over a whole measurement: found, their periods measured, edges of windows made sharp."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from types import TracebackType

import msgspec

from assay.observe.energy.counter import UNKNOWN_PERIOD_S, measured_period
from assay.observe.energy.meter import SOURCES, Found, Quantity, Source, Wanted
from assay.observe.energy.sampler import Metered, Sampler
from assay.record.rows import QualityFlag

_ENOUGH_CHANGES = 8
_LONGEST_S = 1.2
_LOOK_S = 0.05
_EDGE_PERIODS = 2.6
_FAST_S = 0.004
_SHORTEST_EDGE_S, _LONGEST_EDGE_S = 0.01, 0.35


class Meters:
    """Everything that meters energy for one measurement; leaving the ``with`` block lets go of it."""

    def __init__(self, names: Sequence[str], wanted: Wanted) -> None:
        self.found: dict[str, Found] = {name: _find(name, wanted) for name in names}
        readers = [reader for found in self.found.values() for reader in found.readers]
        self.sampler = Sampler(readers)
        self._edge_s = _SHORTEST_EDGE_S

    @property
    def metered(self) -> tuple[Metered, ...]:
        """Every device with what it has told so far."""
        return self.sampler.metered

    def __enter__(self) -> Meters:
        self.sampler.start()
        self._measure_periods()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.sampler.stop()

    def why_none(self) -> str:
        """Why nothing is metered, by source; empty where something is."""
        return "" if self.metered else "; ".join(f"{name}: {found.reason}" for name, found in self.found.items())

    def flags(self) -> tuple[QualityFlag, ...]:
        """What the sources have to say about the devices."""
        return tuple(flag for found in self.found.values() for flag in found.flags)

    def idle(self, seconds: float) -> None:
        """Wait, with both ends of the wait made sharp."""
        edge_s = min(self._edge_s, seconds / 2) if self.metered else 0.0
        self.sampler.burst(edge_s)
        time.sleep(seconds - edge_s)
        self.sampler.burst(edge_s)
        time.sleep(edge_s)

    def before(self) -> None:
        """Make the edge of a window sharp that begins when this returns."""
        if self.metered:
            self.sampler.burst(self._edge_s)
            time.sleep(self._edge_s)
            self.sampler.read_now()

    def after(self) -> None:
        """Make the edge of a window sharp that has just ended, and wait until all of it has come through."""
        if self.metered:
            self.sampler.read_now()
            self.sampler.burst(self._edge_s)
            time.sleep(max(self._edge_s, *(one.reader.tail_s for one in self.metered)))
            self.sampler.read_now()

    def _measure_periods(self) -> None:
        """Read often until every counter has shown its period, or the longest that is in use has long passed."""
        waiting = [(one, place) for one in self.metered for place in _unknown_periods(one)]
        give_up_s = time.monotonic() + _LONGEST_S
        while waiting and time.monotonic() < give_up_s:
            self.sampler.burst(2 * _LOOK_S)
            time.sleep(_LOOK_S)
            waiting = [(one, place) for one, place in waiting if not _settled(one, place)]
        for one, place in waiting:
            _settled(one, place, at_least=3)
        self._edge_s = min(max(_EDGE_PERIODS * self._longest_period_s(), _SHORTEST_EDGE_S), _LONGEST_EDGE_S)

    def _longest_period_s(self) -> float:
        counters = [
            sensor.period_s or UNKNOWN_PERIOD_S
            for one in self.metered
            for channel, sensor in zip(one.channels, one.sensors, strict=True)
            if channel.quantity is Quantity.ENERGY
        ]
        return max(counters, default=UNKNOWN_PERIOD_S)


def default_sources() -> tuple[str, ...]:
    """Names of the sources that measure; models have to be asked for."""
    plugins: dict[str, Source] = SOURCES.load_all()
    return tuple(name for name, plugin in plugins.items() if not plugin.on_request)


def _find(name: str, wanted: Wanted) -> Found:
    plugin: Source = SOURCES.load(name)
    return plugin.find(wanted)


def _unknown_periods(one: Metered) -> Iterator[int]:
    for place, (channel, sensor) in enumerate(zip(one.channels, one.sensors, strict=True)):
        if channel.quantity is Quantity.ENERGY and sensor.period_s is None:
            yield place


def _settled(one: Metered, place: int, at_least: int = _ENOUGH_CHANGES) -> bool:
    """Whether the counter's period is known; it is then kept with its sensor."""
    at_s, _, values = one.series[place].arrays()
    if len(values) < 2 or (values[1:] > values[:-1]).sum() < at_least:
        return False
    period_s = measured_period(at_s, values)
    if period_s is None:
        between_s = float(at_s[-1] - at_s[0]) / (len(at_s) - 1)
        if between_s > _FAST_S:
            return False
        # it had changed at nearly every reading: it is updated at least as often as it was read
        period_s = between_s
    one.sensors[place] = msgspec.structs.replace(one.sensors[place], period_s=period_s)
    return True
