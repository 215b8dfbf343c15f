"""How long the clocks were held down in a window, and why."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from assay.observe.energy.meter import Quantity
from assay.observe.energy.nvidia.reasons import BITS
from assay.observe.energy.sampler import Metered
from assay.record.base import Name, Record
from assay.record.enums import Severity
from assay.record.rows import Evidence, QualityFlag

_SHORTEST_S = 1e-4
"""Counters of time run in steps; less than this is nobody's throttling."""


class Slowed(Record, kw_only=True):
    """One reason that held a device's clocks down."""

    device: Name
    """Id of the device."""
    reason: Name
    """The driver's name for it."""
    seconds: float
    """For how long in the window."""
    counted: bool
    """Whether a counter told it, which misses nothing; else it was seen by looking now and then."""
    looks: int
    """Readings in the window."""
    benign: bool
    """Whether that is how things should be: an idle device, clocks somebody set."""


def slowed(one: Metered, start_ns: int, end_ns: int) -> tuple[Slowed, ...]:
    """Every reason that held in the window, counted where there is a counter of it."""
    counted = {entry.reason: entry for entry in _counted(one, start_ns, end_ns)}
    thermal = "thermal_slowdown" in counted
    seen = [
        entry
        for entry in _seen(one, start_ns, end_ns)
        if entry.reason not in counted and not (thermal and "thermal" in entry.reason)
    ]
    return tuple(entry for entry in (*counted.values(), *seen) if entry.seconds > _SHORTEST_S)


def flags_of(entries: tuple[Slowed, ...], window_s: float) -> tuple[QualityFlag, ...]:
    """A flag for each reason that is not benign."""
    return tuple(_flag(entry, window_s) for entry in entries if not entry.benign)


def _flag(entry: Slowed, window_s: float) -> QualityFlag:
    how = "by the driver's own count" if entry.counted else f"seen in {entry.looks} looks"
    message = f"The clocks of {entry.device} were held down for {entry.seconds:.3f} s ({entry.reason}), {how}."
    return QualityFlag(
        id=f"throttled_{entry.reason}",
        severity=Severity.WARNING,
        message=message,
        evidence=(
            Evidence(name=f"{entry.device} {entry.reason}", value=entry.seconds, unit="s"),
            Evidence(name="window", value=window_s, unit="s"),
        ),
    )


def _counted(one: Metered, start_ns: int, end_ns: int) -> Iterator[Slowed]:
    for channel, series in zip(one.channels, one.series, strict=True):
        if channel.quantity is not Quantity.SLOWED or len(series) < 2:
            continue
        at_s, _, seconds = series.arrays()
        first = max(0, int(np.searchsorted(at_s, start_ns / 1e9, side="right")) - 1)
        last = min(len(at_s) - 1, int(np.searchsorted(at_s, end_ns / 1e9, side="left")))
        grown = np.diff(seconds[first : last + 1])
        yield Slowed(
            device=one.reader.device.id,
            reason=channel.name,
            seconds=float(grown[grown > 0.0].sum()),
            counted=True,
            looks=last - first + 1,
            benign=channel.benign,
        )


def _seen(one: Metered, start_ns: int, end_ns: int) -> Iterator[Slowed]:
    """Reasons by bits: each look stands for half the time to its neighbours."""
    for channel, series in zip(one.channels, one.series, strict=True):
        if channel.quantity is not Quantity.REASONS:
            continue
        at_s, values = series.within(start_ns, end_ns)
        if not len(at_s):
            continue
        ends = np.concatenate([[start_ns / 1e9], (at_s[1:] + at_s[:-1]) / 2, [end_ns / 1e9]])
        weights, bits = np.diff(ends), values.astype(np.int64)
        for reason, bit, benign in BITS:
            seconds = float(weights[(bits & bit) != 0].sum())
            yield Slowed(
                device=one.reader.device.id,
                reason=reason,
                seconds=seconds,
                counted=False,
                looks=len(at_s),
                benign=benign,
            )
