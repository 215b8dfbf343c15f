"""Collectors attached to one launched target, and what they saw put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assay.measure.quality import not_attached
from assay.measure.target.watch import Look
from assay.observe.collector import COLLECTORS, Collector, Ended, Observation, Observer, Sink, Started
from assay.record.base import Missing
from assay.record.rows import Metric, QualityFlag


class Attached:
    """The observers of one target, best source first."""

    def __init__(self, names: Sequence[str]) -> None:
        plugins: list[Collector] = [COLLECTORS.load(name) for name in names]
        plugins.sort(key=lambda plugin: plugin.description.rank)
        obstacles = [(plugin, plugin.obstacle()) for plugin in plugins]
        self._plugins = [plugin for plugin, obstacle in obstacles if obstacle is None]
        self._refused = [(plugin, obstacle) for plugin, obstacle in obstacles if obstacle is not None]
        self._observers: list[Observer] = []

    def start(self, started: Started, sink: Sink) -> list[Look]:
        """Attach every collector that can run; the looks that the watch has to call."""
        self._observers = [plugin.attach(started, sink) for plugin in self._plugins]
        looks = []
        for plugin, observer in zip(self._plugins, self._observers, strict=True):
            if plugin.description.interval_s is not None:
                interval_ns = int(plugin.description.interval_s * 1e9)
                looks.append(Look(observer=observer, interval_ns=interval_ns, due_ns=started.start_ns))
        return looks

    def finish(self, ended: Ended) -> Observation:
        """What all of them saw, one value per metric."""
        seen = [observer.finish(ended) for observer in self._observers]
        refused = [_refusal(plugin, obstacle) for plugin, obstacle in self._refused]
        everything = [*seen, *refused]
        return Observation(
            metrics=best_of_each(metric for one in everything for metric in one.metrics),
            quality=tuple(flag for one in everything for flag in one.quality),
        )


def best_of_each(metrics: Iterable[Metric]) -> tuple[Metric, ...]:
    """For each metric the first value that is one, or else the first reason why there is none."""
    best: dict[tuple[object, ...], Metric] = {}
    for metric in metrics:
        key = (metric.name, metric.device, metric.phase)
        if key not in best or (isinstance(best[key].value, Missing) and not isinstance(metric.value, Missing)):
            best[key] = metric
    return tuple(best.values())


def _refusal(plugin: Collector, obstacle: str) -> Observation:
    description = plugin.description
    flag: QualityFlag = not_attached(description.name, obstacle)
    missing = Missing(reason=f"{description.name}: {obstacle}"[:512])
    return Observation(metrics=tuple(Metric(name=name, value=missing) for name in description.metrics), quality=(flag,))
