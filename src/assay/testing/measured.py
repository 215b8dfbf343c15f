"""A test that is measured: its rounds, and whether it stayed within its limits."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from statistics import median

from assay.marks import Bench, Limit
from assay.testing.meter import Meter, Reading

UNITS = {"wall_s": "s", "cpu_s": "s", "energy_j": "J", "peak_mb": "MB"}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a test took."""

    name: str
    """The test's id."""
    calls: int
    """Calls in a round."""
    rounds: tuple[Reading, ...]


def measured(name: str, call: Callable[[], object], bench: Bench | None, limit: Limit | None) -> Measured:
    """Call the test as often as it wants."""
    wanted = bench or Bench(rounds=1, warmup=0)
    for _ in range(wanted.warmup):
        call()
    rounds = []
    for _ in range(wanted.rounds):
        meter = Meter(
            energy=limit is not None and limit.energy_j is not None,
            memory=limit is not None and limit.peak_mb is not None,
        )
        meter.start()
        for _ in range(wanted.calls):
            call()
        rounds.append(meter.read())
    return Measured(name=name, calls=wanted.calls, rounds=tuple(rounds))


def broken(found: Measured, limit: Limit) -> tuple[list[str], list[str]]:
    """Limits that were not kept, and those that could not be judged, a sentence each."""
    over, unknown = [], []
    for name in (field.name for field in fields(limit)):
        most = getattr(limit, name)
        if most is None:
            continue
        value = middle(found, name)
        if value is None:
            unknown.append(f"{name} was not measured: {found.rounds[0].reasons.get(name, 'no sensor')}")
        elif value > most:
            over.append(f"{value:.4g} {UNITS[name]} where at most {most:g} {UNITS[name]} are allowed ({name})")
    return over, unknown


def middle(found: Measured, name: str) -> float | None:
    """The middle round's number for one call; of memory, for the round."""
    values = [one.values[name] for one in found.rounds if math.isfinite(one.values.get(name, math.nan))]
    if not values:
        return None
    return median(values) / (1 if name == "peak_mb" else found.calls)
