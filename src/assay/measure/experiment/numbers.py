"""Numbers of one cycle's launches, as metrics of its record."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.measure.experiment.launching import Launched
from assay.record.base import Derived, Estimated, Measured, Missing, Quantity
from assay.record.enums import Severity
from assay.record.rows import Evidence, Metric, QualityFlag
from assay.stats.steady import Settling, steady_state

LAUNCHER = "launcher"
_CLOCK = f"{LAUNCHER}:CLOCK_MONOTONIC"


def times_of(measured: Sequence[Launched]) -> list[Metric]:
    """Times of the measured launches."""
    if not measured:
        return [Metric(name="wall_s", value=Missing(reason="no launch was measured"))]
    walls_ms = np.asarray([one.wall_s * 1e3 for one in measured])
    timed = {"e2e_latency_mean_ms": walls_ms.mean(), "e2e_latency_median_ms": np.median(walls_ms)}
    rows = [Metric(name="wall_s", value=Measured(value=float(walls_ms.sum() / 1e3), by=_CLOCK))]
    rows += [Metric(name=name, value=Measured(value=float(value), by=_CLOCK)) for name, value in timed.items()]
    rows.append(Metric(name="e2e_latency_samples", value=Measured(value=float(len(measured)), by=_CLOCK)))
    for name, share, fewest in (("e2e_latency_p95_ms", 0.95, 40), ("e2e_latency_p99_ms", 0.99, 200)):
        few = Missing(reason=f"{len(measured)} launches: it needs {fewest}")
        known = Measured(value=float(np.quantile(walls_ms, share)), by=_CLOCK)
        rows.append(Metric(name=name, value=known if len(measured) >= fewest else few))
    cpu = [one.cpu_s for one in measured if one.cpu_s is not None]
    if len(cpu) == len(measured):
        rows.append(Metric(name="cpu_s", value=Measured(value=sum(cpu), by="wait4")))
    return rows


def settling_of(walls_s: Sequence[float], wanted: int | None) -> tuple[QualityFlag, ...]:
    """A flag where the times of all launches never became steady, or grew; few launches only say so if it was asked."""
    found = steady_state(walls_s)
    if found.settling is Settling.STEADY or (found.settling is Settling.TOO_SHORT and wanted is None):
        return ()
    message = f"The times of the launches did not become steady: {found.reason}."
    evidence = (Evidence(name="launches", value=float(len(walls_s))),)
    return (QualityFlag(id=found.settling.value, severity=Severity.WARNING, message=message, evidence=evidence),)


def per_unit(metrics: Sequence[Metric], measured: Sequence[Launched], tokens: int | None) -> list[Metric]:
    """Energy for each launch, for each token where their number is known, and mean power."""
    values = {metric.name: metric.value for metric in metrics if metric.device is None}
    energy = values.get("energy_j", Missing(reason="no energy was measured"))
    window_s = sum(one.wall_s for one in measured)
    if not measured:
        return []
    rows = [
        Metric(name="energy_window_s", value=Measured(value=window_s, by=_CLOCK)),
        Metric(name="energy_per_launch_j", value=_divided(energy, len(measured), "energy_j", "e2e_latency_samples")),
        Metric(name="gpu_power_w", value=_divided(values["gpu_energy_j"], window_s, "gpu_energy_j", "energy_window_s")),
        Metric(name="cpu_power_w", value=_divided(values["cpu_energy_j"], window_s, "cpu_energy_j", "energy_window_s")),
    ]
    if tokens is not None:
        total = tokens * len(measured)
        rows.append(Metric(name="total_tokens", value=Derived(value=float(total), sources=("measure.tokens",))))
        rows.append(Metric(name="energy_per_token_j", value=_divided(energy, total, "energy_j", "total_tokens")))
        speed = Derived(value=total / window_s, sources=("total_tokens", "wall_s"))
        rows.append(Metric(name="throughput_tokens_per_s", value=speed))
    return rows


def _divided(above: Quantity, below: float, *sources: str) -> Quantity:
    if isinstance(above, Missing):
        return above
    low, high = (None if end is None else end / below for end in (above.low, above.high))
    if isinstance(above, Estimated):
        return Estimated(value=above.value / below, model=above.model, low=low, high=high)
    return Derived(value=above.value / below, sources=sources, low=low, high=high)
