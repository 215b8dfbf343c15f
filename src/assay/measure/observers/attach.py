"""Collectors attached to one target, and what they saw put together."""

from __future__ import annotations

import time
from collections.abc import Sequence

from assay.measure.observers.guard import FAULTS, Guarded, failure
from assay.measure.quality import not_attached
from assay.measure.target.watch import Look
from assay.observe.collector import COLLECTORS, WRAPPERS, Collector, Ended, Observation, Sink, Started
from assay.record.base import Missing, one_line
from assay.record.rows import Metric, QualityFlag, best_of_each


class Attached:
    """The observers of one target, best source first."""

    def __init__(self, names: Sequence[str]) -> None:
        wrappers = WRAPPERS.names()
        plugins: list[Collector] = [COLLECTORS.load(name) for name in names if name not in wrappers]
        plugins.sort(key=lambda plugin: plugin.description.rank)
        obstacles = [(plugin, _replaced(plugin, plugins) or plugin.obstacle()) for plugin in plugins]
        self._plugins = [plugin for plugin, obstacle in obstacles if obstacle is None]
        self._gaps = [_refusal(plugin, obstacle) for plugin, obstacle in obstacles if obstacle is not None]
        self.observers: list[Guarded] = []

    def start(self, started: Started, sink: Sink) -> list[Look]:
        """Attach every collector that can run; the looks that the watch has to call, due at once."""
        looks = []
        for plugin in self._plugins:
            description = plugin.description
            try:
                observer = Guarded(description, plugin.attach(started, sink))
            except FAULTS as fault:
                self._gaps.append(failure(description, one_line(f"{type(fault).__name__}: {fault}")))
                continue
            self.observers.append(observer)
            if description.interval_s is not None:
                looks.append(Look(observer=observer, interval_ns=int(description.interval_s * 1e9)))
        return looks

    def finish(self, ended: Ended) -> Observation:
        """What all of them saw, one value per metric."""
        everything = [*(observer.finish(ended) for observer in self.observers), *self._gaps]
        return Observation(
            metrics=best_of_each(metric for one in everything for metric in one.metrics),
            quality=tuple(flag for one in everything for flag in one.quality),
        )

    def give_up(self) -> None:
        """End what observers started for a target that never ran; there is nothing to see in it."""
        now_ns = time.perf_counter_ns()
        self.finish(Ended(start_ns=now_ns, end_ns=now_ns, wait_status=None, usage=None))


def _replaced(plugin: Collector, plugins: Sequence[Collector]) -> str | None:
    """Which other one stands in its place; None where none does."""
    name = plugin.description.name
    others = [one.description.name for one in plugins if name in one.description.instead_of and one.obstacle() is None]
    return f"{others[0]!r} was chosen in its place, and both write the same tables" if others else None


def _refusal(plugin: Collector, obstacle: str) -> Observation:
    description = plugin.description
    flag: QualityFlag = not_attached(description.name, obstacle)
    missing = Missing(reason=f"{description.name}: {obstacle}"[:512])
    return Observation(metrics=tuple(Metric(name=name, value=missing) for name in description.metrics), quality=(flag,))
