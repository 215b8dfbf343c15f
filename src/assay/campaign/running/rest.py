"""Rests of a device between experiments: for a time, and until it has cooled."""

from __future__ import annotations

import time
from collections.abc import Callable

from assay.campaign.grid.campaign import Campaign, Cooling
from assay.campaign.manifest.events import Events
from assay.errors import PlanError
from assay.observe.environment.facts import Rows
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources
from assay.plugins import Folder

_LOOK_S = 1.0
_PROBES = "assay.observe.environment.probes.system"
Temperature = Callable[[Cooling], float | None]


class Rests:
    """When each device may be used again."""

    def __init__(
        self,
        campaign: Campaign,
        events: Events,
        clock: Callable[[], float] = time.monotonic,
        temperature: Temperature | None = None,
    ) -> None:
        self._campaign = campaign
        self._events = events
        self._clock = clock
        self._temperature = temperature or temperature_c
        self._ended: dict[str, tuple[float, int]] = {}
        self._next_look_s = 0.0
        self._cooled: dict[str, float] = {}

    def ended(self, device: str, cycle: int) -> None:
        """Note that an experiment has ended there just now."""
        self._ended[device] = (self._clock(), cycle)
        self._cooled.pop(device, None)

    def is_over(self, device: str, cycle: int) -> bool:
        """Whether the device has rested enough for an experiment of that cycle."""
        if device not in self._ended:
            return True
        ended_s, last_cycle = self._ended[device]
        rest_s = self._campaign.gap_s if cycle == last_cycle else max(self._campaign.gap_s, self._campaign.cycle_gap_s)
        rested_s = self._clock() - ended_s
        return rested_s >= rest_s and self._is_cool(device, rested_s)

    def _is_cool(self, device: str, rested_s: float) -> bool:
        cool = self._campaign.cool
        if cool is None or self._cooled.get(device) == self._ended[device][0]:
            return True
        if self._clock() < self._next_look_s:
            return False
        self._next_look_s = self._clock() + _LOOK_S
        found_c = self._temperature(cool)
        if found_c is not None and found_c > cool.to_c and rested_s < cool.at_most_s:
            return False
        event = "rested" if found_c is not None and found_c <= cool.to_c else "still_warm"
        self._events.add(event, device=device, rested_s=round(rested_s, 3), temperature_c=found_c)
        self._cooled[device] = self._ended[device][0]
        return True


def temperature_c(cool: Cooling) -> float | None:
    """The hottest of the sensors that are meant; None where none can be read."""
    probe: Probe = Folder(_PROBES).load("sensors")
    sensors = probe.read(Sources()).get("sensors")
    rows = sensors.rows if isinstance(sensors, Rows) else ()
    meant = [row["temperature_c"] for row in rows if cool.sensor.lower() in str(row["name"]).lower()]
    return max((celsius for celsius in meant if isinstance(celsius, float)), default=None)


def check_cooling(campaign: Campaign) -> None:
    """Refuse a rest that could never be told to be over."""
    if campaign.cool is not None and temperature_c(campaign.cool) is None:
        wanted = f" named like {campaign.cool.sensor!r}" if campaign.cool.sensor else ""
        what = f"no temperature sensor{wanted} can be read (rule cool-sensor)"
        raise PlanError(what, where=str(campaign.file), remedy="rest by `gap_s` instead; `assay doctor` shows sensors")
