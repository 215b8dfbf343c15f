"""The collector that sees nothing: the measure of what observing itself costs."""

from __future__ import annotations

from assay.observe.collector import Description, Ended, Nature, Observation, Sink, Started


class NullObserver:
    """Looks and keeps nothing."""

    def look(self, _now_ns: int) -> None:
        """Nothing to do."""

    def finish(self, _ended: Ended) -> Observation:
        """An empty observation."""
        return Observation()


class NullCollector:
    """Attaches to anything and gives nothing."""

    description = Description(
        name="null",
        nature=Nature.EXTERNAL,
        summary="Nothing: the baseline for the cost of other collectors.",
        cost="none",
        interval_s=0.05,
        default=False,
    )

    def obstacle(self) -> str | None:
        """It runs everywhere."""
        return None

    def attach(self, _started: Started, _sink: Sink) -> NullObserver:
        """An observer that keeps nothing."""
        return NullObserver()


PLUGIN = NullCollector()
