"""The registry of metrics: each is declared once, and schema checks, glossary, CSV and reports read it here."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypedDict, Unpack

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


class _Rest(TypedDict, total=False):
    origins: tuple[str, ...]
    depends_on: tuple[str, ...]
    better: Better


def _define(name: str, unit: str, meaning: str, *, group: str, **rest: Unpack[_Rest]) -> MetricDefinition:
    """One registry row; what is left out is a measured number where less is better."""
    fields: _Rest = {"origins": _MEASURED, **rest}
    return MetricDefinition(name=name, unit=unit, meaning=meaning, group=group, **fields)


_MEASURED, _DERIVED = ("measured",), ("derived",)
_COUNTED = ("measured", "derived")
_ANY = ("measured", "derived", "estimated")
_UP, _FLAT = Better.HIGHER, Better.NEITHER

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
        origins=_COUNTED,
        depends_on=("input_tokens", "output_tokens"),
        better=_FLAT,
    ),
    _define("inference_s", "s", "Time spent inside inference calls.", group="inference"),
    _define(
        "throughput_tokens_per_s",
        "token/s",
        "Tokens per second of inference.",
        group="inference",
        origins=_COUNTED,
        depends_on=("total_tokens", "inference_s"),
        better=_UP,
    ),
    _define(
        "token_efficiency_index",
        "1",
        "Composite of throughput and efficiency, as the tool that wrote it defined it.",
        group="inference",
        origins=_DERIVED,
        depends_on=("throughput_tokens_per_s",),
        better=_UP,
    ),
    _define("ttft_ms", "ms", "Time from the request to its first token.", group="request latency"),
    _define("tpot_ms", "ms", "Time per output token after the first.", group="request latency", origins=_COUNTED),
    _define(
        "itl_median_ms",
        "ms",
        "Median time between one token and the next of the same request.",
        group="request latency",
    ),
    _define(
        "itl_p99_ms",
        "ms",
        "99th percentile of the time between one token and the next of the same request.",
        group="request latency",
    ),
    _define(
        "latency_per_token_ms",
        "ms",
        "Inference time per token.",
        group="request latency",
        origins=_COUNTED,
        depends_on=("inference_s", "total_tokens"),
    ),
    _define("e2e_latency_mean_ms", "ms", "Mean time from a request to its end.", group="request latency"),
    _define("e2e_latency_median_ms", "ms", "Median time from a request to its end.", group="request latency"),
    _define(
        "e2e_latency_p95_ms", "ms", "95th percentile of the time from a request to its end.", group="request latency"
    ),
    _define(
        "e2e_latency_p99_ms", "ms", "99th percentile of the time from a request to its end.", group="request latency"
    ),
    _define("e2e_latency_samples", "1", "Requests behind the e2e latencies.", group="request latency", better=_FLAT),
    _define("requests_failed", "1", "Requests that ended in an error or not at all.", group="request latency"),
    _define("queue_ms", "ms", "Mean time a request waited before its prefill began.", group="request latency"),
    _define(
        "energy_j", "J", "Energy used in the measured window, by all that has a meter.", group="energy", origins=_ANY
    ),
    _define("gpu_energy_j", "J", "The part of energy_j used by GPUs.", group="energy", origins=_ANY),
    _define("cpu_energy_j", "J", "The part of energy_j used by processors.", group="energy", origins=_ANY),
    _define("memory_energy_j", "J", "The part of energy_j used by main memory.", group="energy", origins=_ANY),
    _define(
        "energy_per_launch_j",
        "J",
        "Energy of one launch of the command on average.",
        group="energy",
        origins=_ANY,
        depends_on=("energy_j", "e2e_latency_samples"),
    ),
    _define(
        "energy_adjusted_j",
        "J",
        "Energy above the idle baseline.",
        group="energy",
        origins=_DERIVED,
        depends_on=("energy_j", "baseline_power_w"),
    ),
    _define(
        "baseline_power_w",
        "W",
        "Power of the idle machine before and after.",
        group="energy",
        origins=_ANY,
        better=_FLAT,
    ),
    _define("throttled_power_s", "s", "Time in which a limit of power held the clocks down.", group="throttling"),
    _define("throttled_thermal_s", "s", "Time in which heat held the clocks down.", group="throttling"),
    _define(
        "throttled_other_s",
        "s",
        "Time in which the hardware held the clocks down for another reason.",
        group="throttling",
    ),
    _define(
        "throttled_cgroup_s",
        "s",
        "Time in which the control group's quota kept the target waiting.",
        group="throttling",
    ),
    _define(
        "gpu_power_w",
        "W",
        "Mean power of the GPUs in the measured window.",
        group="energy",
        origins=_ANY,
        depends_on=("gpu_energy_j", "energy_window_s"),
    ),
    _define(
        "cpu_power_w",
        "W",
        "Mean power of the processors in the measured window.",
        group="energy",
        origins=_ANY,
        depends_on=("cpu_energy_j", "energy_window_s"),
    ),
    _define("energy_window_s", "s", "Length of the window in which energy was measured.", group="energy", better=_FLAT),
    _define(
        "energy_per_token_j",
        "J/token",
        "Energy per token.",
        group="energy",
        origins=_ANY,
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
        "flops_total", "FLOP", "Floating-point operations of the run.", group="compute", origins=_ANY, better=_FLAT
    ),
    _define(
        "flops_per_token",
        "FLOP/token",
        "Floating-point operations per token.",
        group="compute",
        origins=_ANY,
        depends_on=("flops_total", "total_tokens"),
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
    _define("device_memory_bytes", "B", "Memory of the device.", group="device memory", better=_FLAT),
    _define("device_memory_peak_bytes", "B", "Most memory the run held on the device.", group="device memory"),
    _define(
        "model_memory_bytes", "B", "Device memory held by the model's weights.", group="device memory", origins=_COUNTED
    ),
    _define("kv_cache_bytes", "B", "Device memory held by the KV cache.", group="device memory", origins=_COUNTED),
    _define(
        "model_memory_utilisation",
        "1",
        "Share of the device's memory that the weights hold.",
        group="device memory",
        origins=_COUNTED,
        depends_on=("model_memory_bytes", "device_memory_bytes"),
        better=_FLAT,
    ),
    _define(
        "kv_cache_memory_ratio",
        "1",
        "Share of the used device memory that the KV cache holds.",
        group="device memory",
        origins=_COUNTED,
        depends_on=("kv_cache_bytes", "device_memory_peak_bytes"),
        better=_FLAT,
    ),
    _define(
        "tokens_per_gb_vram",
        "token/GB",
        "Tokens per gigabyte of device memory.",
        group="device memory",
        origins=_DERIVED,
        depends_on=("total_tokens", "device_memory_peak_bytes"),
        better=_UP,
    ),
    _define(
        "total_vram_mb",
        "MB",
        "Memory of the device, as an older result file has it, which does not say how large its MB is.",
        group="device memory",
        origins=_COUNTED,
        better=_FLAT,
    ),
    _define(
        "peak_memory_mb",
        "MB",
        "Most device memory held, as an older result file has it, which does not say how large its MB is.",
        group="device memory",
        origins=_COUNTED,
    ),
    _define(
        "model_memory_mb",
        "MB",
        "Device memory of the weights, as an older result file has it, which does not say how large its MB is.",
        group="device memory",
        origins=_COUNTED,
    ),
    _define(
        "kv_cache_mb",
        "MB",
        "Device memory of the KV cache, as an older result file has it, which does not say how large its MB is.",
        group="device memory",
        origins=_COUNTED,
    ),
    _define(
        "sm_utilisation_mean",
        "%",
        "Mean share of time in which the GPU's multiprocessors worked, as its driver counts.",
        group="utilisation",
        better=_UP,
    ),
    _define("sm_utilisation_samples", "1", "Readings behind sm_utilisation_mean.", group="utilisation", better=_FLAT),
    _define(
        "memory_bandwidth_utilisation",
        "%",
        "Mean share of time in which device memory was read or written, as its driver counts.",
        group="utilisation",
        better=_UP,
    ),
    _define(
        "effective_batch_size",
        "request",
        "Requests in a batch on average.",
        group="batch",
        origins=_COUNTED,
        better=_UP,
    ),
    _define(
        "batch_utilisation",
        "1",
        "Share of the allowed batch size that was filled.",
        group="batch",
        origins=_COUNTED,
        depends_on=("effective_batch_size",),
        better=_UP,
    ),
    _define("padding_overhead", "1", "Share of computed tokens that were padding.", group="batch", origins=_COUNTED),
    _define("num_batches", "1", "Batches that were run.", group="batch", better=_FLAT),
    _define(
        "kv_cache_hit_rate",
        "1",
        "Share of prompt tokens found in the prefix cache.",
        group="KV cache",
        origins=_COUNTED,
        better=_UP,
    ),
    _define(
        "kv_cache_blocks_used", "block", "Most blocks of the KV cache in use at once.", group="KV cache", better=_FLAT
    ),
    _define("kv_cache_blocks_total", "block", "Blocks of the KV cache.", group="KV cache", better=_FLAT),
    _define("preemptions", "1", "Requests put back into the queue because the KV cache was full.", group="KV cache"),
    _define("spans", "1", "Timed spans kept by the run.", group="record", better=_FLAT),
    _define("spans_dropped", "1", "Timed spans lost because a buffer was full.", group="record"),
)

BY_NAME: dict[str, MetricDefinition] = {definition.name: definition for definition in DEFINITIONS}
"""The registry by name."""


def glossary_markdown() -> str:
    """The glossary as Markdown, one table per group, in the registry's order."""
    groups: dict[str, list[MetricDefinition]] = {}
    for definition in DEFINITIONS:
        groups.setdefault(definition.group, []).append(definition)
    return "\n\n".join(_table(group, rows) for group, rows in groups.items()) + "\n"


def _table(group: str, rows: list[MetricDefinition]) -> str:
    lines = [
        f"## {group}",
        "",
        "| metric | unit | better | origin | meaning | depends on |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = (f"`{row.name}`", row.unit, row.better, ", ".join(row.origins), row.meaning, ", ".join(row.depends_on))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
