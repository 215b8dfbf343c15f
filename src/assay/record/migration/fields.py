"""Where each number of a version-2 result goes: data, read by ``metrics_of``."""

from __future__ import annotations

from assay.record.base import Derived, Estimated, Measured, Quantity, Record
from assay.record.metrics import BY_NAME

FAILED = "the older tool's energy tracking failed; its zero was a placeholder"
ABSENT = "not in the older result file"
NULL = "null in the older result file"
UNSTATED = "unstated: the older result file does not say how it came about"
NO_BASELINE = "the older tool measured no idle baseline"
_BY = "results-v2"


class Rule(Record, kw_only=True):
    """One field of the source and its metric."""

    path: tuple[str, ...]
    """Keys from the experiment or process down to the number."""
    metric: str
    """Registered name."""
    energy: bool = False
    """Whether it comes from energy tracking, and is a placeholder where that failed."""


def _rules(prefix: str, *fields: str) -> tuple[Rule, ...]:
    """Fields below a section: one name where field and metric have the same, ``field>metric`` where not."""
    head = tuple(part for part in prefix.split(".") if part)
    pairs = [field.partition(">") for field in fields]
    return tuple(
        Rule(path=(*head, field), metric=metric or field, energy=prefix == "energy_metrics")
        for field, _, metric in pairs
    )


_EXTENDED: tuple[Rule, ...] = (
    *_rules("extended_metrics", "tpot_ms", "token_efficiency_index"),
    *_rules(
        "extended_metrics.memory",
        "total_vram_mb",
        "model_memory_mb",
        "peak_memory_mb",
        "kv_cache_mb",
        "tokens_per_gb_vram",
        "model_memory_utilisation",
        "kv_cache_memory_ratio",
    ),
    *_rules(
        "extended_metrics.gpu_utilisation",
        "sm_utilisation_mean",
        "sm_utilisation_samples",
        "memory_bandwidth_utilisation",
    ),
    *_rules(
        "extended_metrics.batch",
        "effective_batch_size",
        "batch_utilisation",
        "padding_overhead",
        "num_batches",
    ),
    *_rules(
        "extended_metrics.kv_cache",
        "kv_cache_hit_rate",
        "kv_cache_blocks_used",
        "kv_cache_blocks_total",
    ),
    *_rules(
        "extended_metrics.request_latency",
        "e2e_latency_mean_ms",
        "e2e_latency_median_ms",
        "e2e_latency_p95_ms",
        "e2e_latency_p99_ms",
        "e2e_latency_samples",
    ),
)

AGGREGATED: tuple[Rule, ...] = (
    *_rules(
        "",
        "total_tokens",
        "total_inference_time_sec>inference_s",
        "avg_tokens_per_second>throughput_tokens_per_s",
        "total_flops>flops_total",
    ),
    Rule(path=("total_energy_j",), metric="energy_j", energy=True),
    Rule(path=("avg_energy_per_token_j",), metric="energy_per_token_j", energy=True),
    *_EXTENDED,
)
"""Numbers of an aggregate over processes."""

PROCESS: tuple[Rule, ...] = (
    *_rules(
        "inference_metrics",
        "total_tokens",
        "input_tokens",
        "output_tokens",
        "inference_time_sec>inference_s",
        "tokens_per_second>throughput_tokens_per_s",
        "latency_per_token_ms",
        "time_to_first_token_ms>ttft_ms",
    ),
    *_rules(
        "energy_metrics",
        "total_energy_j>energy_j",
        "gpu_energy_j",
        "cpu_energy_j",
        "ram_energy_j>memory_energy_j",
        "gpu_power_w",
        "cpu_power_w",
        "duration_sec>energy_window_s",
        "emissions_kg_co2",
        "energy_per_token_j",
    ),
    *_rules(
        "compute_metrics",
        "flops_total",
        "flops_per_token",
        "flops_per_second>flops_per_s",
    ),
    *(rule for rule in _EXTENDED if rule.metric not in {"peak_memory_mb", "model_memory_mb"}),
    *_rules("compute_metrics", "peak_memory_mb", "model_memory_mb"),
)
"""Numbers of one process. Where two fields are one metric, ``compute_metrics`` has it; the other is kept verbatim."""


def quantity_of(metric: str, value: object, model: str) -> Quantity | None:
    """The number with the weakest origin its metric may have, or None where a metric can't hold the value.

    The source does not tell a meter from a model, so that nothing a model may have given is called measured.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or float(value) != value:
        return None
    definition = BY_NAME[metric]
    if "estimated" in definition.origins:
        return Estimated(value=float(value), model=model)
    if "derived" in definition.origins and definition.depends_on:
        return Derived(value=float(value), sources=definition.depends_on)
    return Measured(value=float(value), by=_BY)
