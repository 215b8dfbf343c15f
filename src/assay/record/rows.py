"""Tables of the record: operators, steps, devices, metrics and energy windows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from assay.record.base import Count, Instant, Missing, Name, Quantity, Ratio, Record, Text, origin_of
from assay.record.enums import DeviceKind, EnergyMethod, Percentiles, Phase, Severity
from assay.record.metrics import BY_NAME


class Distribution(Record, kw_only=True):
    """Durations of a repeated thing."""

    count: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    """How many."""
    total_ns: Count
    """Their sum."""
    mean_ns: float
    """``total_ns / count``."""
    min_ns: Count
    """Shortest."""
    max_ns: Count
    """Longest."""
    percentiles: Percentiles
    """How the percentiles were obtained."""
    relative_error: Ratio = 0.0
    """Bound on the relative error of the percentiles; 0 where exact."""
    p50_ns: float | None = None
    """Median; null with ``reason``."""
    p90_ns: float | None = None
    """90th percentile; null with ``reason``."""
    p95_ns: float | None = None
    """95th percentile; null with ``reason``."""
    p99_ns: float | None = None
    """99th percentile; null with ``reason``."""
    reason: Text = ""
    """Why a percentile is null, for example too few samples."""

    def __post_init__(self) -> None:
        if not self.min_ns <= self.max_ns <= self.total_ns:
            raise ValueError("min_ns <= max_ns <= total_ns does not hold, at /total_ns")
        if self.has_gap() and not self.reason:
            raise ValueError("a percentile is null without a reason, at /reason")

    def has_gap(self) -> bool:
        """Whether any percentile is null."""
        return None in (self.p50_ns, self.p90_ns, self.p95_ns, self.p99_ns)


UNKNOWN = Missing(reason="not provided by this collector")


class Counters(Record, kw_only=True):
    """What a kernel, operator or step did, beside the time it took."""

    flops: Quantity = UNKNOWN
    """Floating-point (or integer multiply-add) operations, over all calls."""
    read_bytes: Quantity = UNKNOWN
    """Bytes read, over all calls."""
    written_bytes: Quantity = UNKNOWN
    """Bytes written, over all calls."""
    intensity_flop_per_byte: Quantity = UNKNOWN
    """Operations per byte moved."""
    occupancy_ratio: Quantity = UNKNOWN
    """Busy worker time over workers times time."""


class OpRow(Record, kw_only=True):
    """One operator or kernel, over all its calls on one device."""

    name: Name
    """Name of the node or kernel."""
    kind: Name
    """Operator type, for example ``MatMul``."""
    device: Name
    """Device id, one of ``devices``."""
    phase: Phase = Phase.NONE
    """Part of the inference."""
    layer: Count | None = None
    """Model layer; null where the operator belongs to none."""
    wall: Distribution
    """Wall time of its calls."""
    self_ns: Count | None = None
    """Time not spent in nested operators; null where nothing is nested."""
    counters: Counters = Counters()
    """What it did."""


class StepRow(Record, kw_only=True):
    """One step of one layer in one phase, over all its calls."""

    step: Name
    """Step, for example ``Attention``."""
    layer: Count | None = None
    """Model layer; null for steps outside layers."""
    phase: Phase = Phase.NONE
    """Part of the inference."""
    device: Name
    """Device id, one of ``devices``."""
    wall: Distribution
    """Wall time."""
    cpu: Distribution | None = None
    """CPU time of the thread; null where the clock was not read."""
    counters: Counters = Counters()
    """What it did."""


class Device(Record, kw_only=True):
    """One device that took part, with what it alone used."""

    id: Name
    """Id inside this record, for example ``cpu:0`` or ``gpu:0``."""
    kind: DeviceKind
    """What it is."""
    name: Name
    """Product name."""
    uuid: Name | None = None
    """Stable identifier; null where it has none."""
    busy_s: Quantity = UNKNOWN
    """Time it was busy."""
    peak_memory_bytes: Quantity = UNKNOWN
    """Most memory the run held on it."""
    energy_j: Quantity = UNKNOWN
    """Energy it used during the run."""


class Metric(Record, kw_only=True):
    """One number of the run, declared in the registry of metrics."""

    name: Annotated[Name, Meta(extra_json_schema={"enum": sorted(BY_NAME)})]
    """Registered name; the unit is part of the registration."""
    value: Quantity
    """The number with its origin."""
    device: Name | None = None
    """Device id; null for the whole run."""
    phase: Phase = Phase.NONE
    """Part of the inference."""

    def __post_init__(self) -> None:
        definition = BY_NAME.get(self.name)
        if definition is None:
            raise ValueError(f"there is no metric {self.name!r} (see `assay metrics`), at /name")
        if not isinstance(self.value, Missing) and origin_of(self.value) not in definition.origins:
            allowed = " or ".join(definition.origins)
            raise ValueError(f"{self.name} is {allowed}, never {origin_of(self.value)}, at /value/origin")


def best_of_each(metrics: Iterable[Metric]) -> tuple[Metric, ...]:
    """For each metric the first value that is one, or else the first reason why there is none."""
    best: dict[tuple[object, ...], Metric] = {}
    for metric in metrics:
        key = (metric.name, metric.device, metric.phase)
        if key not in best or (isinstance(best[key].value, Missing) and not isinstance(metric.value, Missing)):
            best[key] = metric
    return tuple(best.values())


class EnergyWindow(Record, kw_only=True):
    """Energy over one window from one source."""

    source: Name
    """Collector and counter, for example ``rapl:package-0``."""
    device: Name
    """Device id."""
    phase: Phase = Phase.NONE
    """Part of the inference the window covers."""
    start_ns: Instant
    """Start on the run's monotonic clock."""
    end_ns: Instant
    """End on the run's monotonic clock."""
    method: EnergyMethod
    """Counter difference, integrated power, or a model."""
    raw_j: Quantity
    """All energy in the window."""
    baseline_w: Quantity
    """Idle power before and after."""
    adjusted_j: Quantity
    """Energy above the baseline."""
    uncertainty_j: Quantity
    """Half width of the 95 % interval of ``raw_j``: edges, the meter's steps and what passed between readings."""
    period_s: Annotated[float, Meta(gt=0.0)] | None = None
    """Time between two updates of the meter; null where it is not known."""
    tolerance_share: Ratio | None = None
    """Accuracy that the meter's maker states, which the interval leaves out; null where it states none."""

    def __post_init__(self) -> None:
        if self.end_ns < self.start_ns:
            raise ValueError("the end lies before the start, at /end_ns")


class Evidence(Record, kw_only=True):
    """One number behind a flag."""

    name: Name
    """What was looked at."""
    value: float
    """What it was."""
    unit: Annotated[str, Meta(max_length=64)] = ""
    """Its unit."""


class QualityFlag(Record, kw_only=True):
    """Something about the measurement itself that a reader must know."""

    id: Name
    """Stable name, for example ``noisy_machine``."""
    severity: Severity
    """How far it reaches."""
    message: Text
    """One sentence."""
    evidence: tuple[Evidence, ...] = ()
    """The numbers behind it."""
