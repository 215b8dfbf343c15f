"""The registry of metrics: each is declared once, and schema checks, glossary, CSV and reports read it here."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from assay.record.base import Name, Record, Text


class Better(StrEnum):
    """Which way a change is good."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


class MetricDefinition(Record, kw_only=True):
    """What a metric means, in which unit, and what it depends on."""

    name: Annotated[str, Meta(pattern="^[a-z][a-z0-9_]*$", max_length=64)]
    """Name; ends in the unit where there is one."""
    unit: Name
    """Unit of every value, ``1`` for plain numbers."""
    meaning: Text
    """One sentence: what it is."""
    origins: tuple[str, ...]
    """Origins a value may have: ``measured``, ``derived``, ``estimated``."""
    depends_on: tuple[Name, ...] = ()
    """Metrics or facts it is computed from or moves with."""
    better: Better = Better.LOWER
    """Which way is good."""
    group: Name = "run"
    """Heading in the glossary."""


def _define(name: str, unit: str, meaning: str, *, group: str, **rest: object) -> MetricDefinition:
    """One registry row; what is left out is a measured number where less is better."""
    fields = {"origins": ("measured",), **rest}
    return MetricDefinition(name=name, unit=unit, meaning=meaning, group=group, **fields)  # type: ignore[arg-type]


_DERIVED = ("derived",)
_UP = Better.HIGHER
_FLAT = Better.NEITHER

DEFINITIONS: tuple[MetricDefinition, ...] = (
    _define("wall_s", "s", "Time from the start of the target to its end.", group="time"),
    _define("cpu_s", "s", "CPU time of the target and all its waited-for children.", group="time"),
    _define("cpu_user_s", "s", "The part of cpu_s spent in user mode.", group="time"),
    _define("cpu_system_s", "s", "The part of cpu_s spent in the kernel.", group="time"),
    _define(
        "cpu_utilisation_cores",
        "cores",
        "Processors kept busy on average.",
        group="time",
        origins=_DERIVED,
        depends_on=("cpu_s", "wall_s"),
        better=_FLAT,
    ),
    _define("peak_rss_bytes", "B", "Largest resident set of any one process of the target.", group="memory"),
    _define("page_faults_minor", "1", "Page faults served without reading a disk.", group="memory"),
    _define("page_faults_major", "1", "Page faults that had to read a disk.", group="memory"),
    _define(
        "context_switches_voluntary", "1", "Times the target waited and gave up its processor.", group="scheduling"
    ),
    _define("context_switches_involuntary", "1", "Times the target lost its processor.", group="scheduling"),
    _define("read_bytes", "B", "Bytes read from storage.", group="io"),
    _define("written_bytes", "B", "Bytes written to storage.", group="io"),
    _define("input_tokens", "token", "Prompt tokens processed.", group="inference", better=_FLAT),
    _define("output_tokens", "token", "Tokens generated.", group="inference", better=_FLAT),
    _define(
        "total_tokens",
        "token",
        "Prompt and generated tokens together.",
        group="inference",
        origins=("measured", "derived"),
        depends_on=("input_tokens", "output_tokens"),
        better=_FLAT,
    ),
    _define("inference_s", "s", "Time spent inside inference calls.", group="inference"),
    _define(
        "throughput_tokens_per_s",
        "token/s",
        "Tokens per second of inference.",
        group="inference",
        origins=("measured", "derived"),
        depends_on=("total_tokens", "inference_s"),
        better=_UP,
    ),
    _define("ttft_ms", "ms", "Time from the request to its first token.", group="inference"),
    _define("tpot_ms", "ms", "Time per output token after the first.", group="inference"),
    _define(
        "latency_per_token_ms",
        "ms",
        "Inference time per token.",
        group="inference",
        origins=("measured", "derived"),
        depends_on=("inference_s", "total_tokens"),
    ),
    _define("e2e_latency_mean_ms", "ms", "Mean time from a request to its end.", group="inference"),
    _define("e2e_latency_median_ms", "ms", "Median time from a request to its end.", group="inference"),
    _define("e2e_latency_p95_ms", "ms", "95th percentile of the time from a request to its end.", group="inference"),
    _define("e2e_latency_p99_ms", "ms", "99th percentile of the time from a request to its end.", group="inference"),
    _define("energy_j", "J", "Energy used in the measured window.", group="energy", origins=("measured", "estimated")),
    _define(
        "gpu_energy_j", "J", "The part of energy_j used by GPUs.", group="energy", origins=("measured", "estimated")
    ),
    _define(
        "cpu_energy_j",
        "J",
        "The part of energy_j used by processors.",
        group="energy",
        origins=("measured", "estimated"),
    ),
    _define(
        "memory_energy_j",
        "J",
        "The part of energy_j used by main memory.",
        group="energy",
        origins=("measured", "estimated"),
    ),
    _define(
        "energy_adjusted_j",
        "J",
        "Energy above the idle baseline.",
        group="energy",
        origins=_DERIVED,
        depends_on=("energy_j", "baseline_power_w"),
    ),
    _define("baseline_power_w", "W", "Power of the idle machine before and after.", group="energy"),
    _define(
        "energy_per_token_j",
        "J/token",
        "Energy per token.",
        group="energy",
        origins=("measured", "derived", "estimated"),
        depends_on=("energy_j", "total_tokens"),
    ),
    _define(
        "emissions_kg_co2",
        "kg",
        "Carbon dioxide for that energy at a stated grid intensity.",
        group="energy",
        origins=("estimated",),
        depends_on=("energy_j",),
    ),
    _define(
        "flops_total",
        "FLOP",
        "Floating-point operations of the run.",
        group="compute",
        origins=("measured", "derived", "estimated"),
        better=_FLAT,
    ),
    _define(
        "flops_per_s",
        "FLOP/s",
        "Floating-point operations per second.",
        group="compute",
        origins=("derived", "estimated"),
        depends_on=("flops_total", "inference_s"),
        better=_UP,
    ),
    _define("spans", "1", "Timed spans kept by the run.", group="record", better=_FLAT),
    _define("spans_dropped", "1", "Timed spans lost because a buffer was full.", group="record"),
)

BY_NAME: dict[str, MetricDefinition] = {definition.name: definition for definition in DEFINITIONS}
