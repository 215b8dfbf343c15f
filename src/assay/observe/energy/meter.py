"""What a source of energy is: it finds physical devices, and gives one reader for each.

A reader is read at chosen moments by one thread. It gives a number for each of its channels, or says why it could not;
what the numbers come to over a window is worked out afterwards from all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple, Protocol

from msgspec import Meta, field

from assay.plugins import Folder
from assay.record.base import Name, Record
from assay.record.enums import DeviceKind, EnergyMethod
from assay.record.rows import QualityFlag

SOURCES = Folder("assay.observe.energy.sources")

Positive = Annotated[float, Meta(gt=0.0)]


class Quantity(StrEnum):
    """What the numbers of a channel are."""

    ENERGY = "energy_j"
    """A counter of joules that only grows, until it wraps around or begins anew."""
    POWER = "power_w"
    """Watts."""
    SLOWED = "slowed_s"
    """A counter of the seconds in which one reason held the clocks down."""
    REASONS = "reasons"
    """Bits of the reasons that hold the clocks down now."""
    BUSY = "busy_share"
    """Share of the device that anybody used lately."""
    FOREIGN = "foreign_processes"
    """Processes on the device that are not this measurement's."""


class Sensor(Record, kw_only=True):
    """How the number of a channel comes about, as far as it is known."""

    period_s: float | None = None
    """Time between two updates; null until it is measured."""
    window_s: float = 0.0
    """Time over which a power is averaged."""
    quantum: float = 0.0
    """Smallest step of the number."""
    wraps_at: float | None = None
    """Where a counter begins at 0 again; null where it does not, so that a fall means that it was reset."""
    tolerance_share: float | None = None
    """Accuracy that its maker states, as a share of the number; null where it states none."""


class Channel(Record, kw_only=True):
    """One number that a reader gives."""

    name: Name
    """Name in the record, for example ``nvml:total_energy`` or a reason of throttling."""
    quantity: Quantity
    """What it is."""
    sensor: Sensor = field(default_factory=Sensor)
    """How it comes about."""
    benign: bool = False
    """For what holds the clocks down: whether that is how things should be."""


class MeteredDevice(Record, kw_only=True):
    """A physical device with meters."""

    id: Name
    """Id in the record, for example ``gpu:0``."""
    kind: DeviceKind
    """What it is."""
    name: Name
    """Product name."""
    uuid: Name | None = None
    """Stable identifier; null where it has none."""
    metric: Name
    """Metric that the energies of all such devices add up to."""
    method: EnergyMethod = EnergyMethod.COUNTER
    """What its energy is: read off meters, or a model's."""


class Fault(NamedTuple):
    """Why a channel gave no number."""

    reason: str


class Answer(NamedTuple):
    """One channel's number, and the moments between which it was read."""

    channel: int
    before_ns: int
    after_ns: int
    value: float | Fault


class Reader(Protocol):
    """The one reader of a physical device."""

    @property
    def device(self) -> MeteredDevice:
        """The device it reads."""

    @property
    def channels(self) -> Sequence[Channel]:
        """What it tells."""

    @property
    def interval_s(self) -> float:
        """How often it wants to be read while nothing happens."""

    @property
    def tail_s(self) -> float:
        """How long after a window it must be read for that window to be known."""

    def read(self, *, full: bool = True) -> Sequence[Answer]:
        """Every channel's number now; where not ``full``, what keeps count by itself may be left out."""

    def close(self) -> None:
        """Let go of the device."""


class Wanted(Record, kw_only=True):
    """What is to be metered."""

    variables: Mapping[str, str] = field(default_factory=dict)
    """The target's environment, which may name the devices it will use."""
    pids: tuple[int, ...] = ()
    """Processes that belong to the measurement."""
    root: Path = Path("/")
    """Where the system's files lie."""
    rated_power_w: Positive | None = None
    """Rated power of the processor, for the model of it."""


class Found(NamedTuple):
    """What a source found."""

    readers: Sequence[Reader]
    reason: str = ""
    """Why there are none; empty where there are."""
    flags: Sequence[QualityFlag] = ()
    """What a reader of the record must know about them."""


class Source(Protocol):
    """A plug-in of ``observe/energy/sources``."""

    name: str
    summary: str
    kind: DeviceKind
    """What kind of device it meters."""
    on_request: bool
    """Whether it must be asked for by name, because it is no measurement."""

    def find(self, wanted: Wanted, /) -> Found:
        """Readers for the devices there are, or why there are none."""
