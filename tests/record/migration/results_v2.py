"""Result files of format 2, made up: complete ones, and strategies that leave out, null and bend fields."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

SHAPE: dict[str, dict[str, Any]] = {
    "inference_metrics": {
        "total_tokens": 96,
        "input_tokens": 64,
        "output_tokens": 32,
        "inference_time_sec": 1.75,
        "tokens_per_second": 54.857142857142854,
        "latency_per_token_ms": 18.229166666666668,
        "time_to_first_token_ms": None,
        "latency_measurements": None,
    },
    "energy_metrics": {
        "total_energy_j": 123.456789012345,
        "gpu_energy_j": 100.1,
        "cpu_energy_j": 20.2,
        "ram_energy_j": 3.156789012345,
        "gpu_power_w": 57.2,
        "cpu_power_w": 11.5,
        "duration_sec": 1.8,
        "emissions_kg_co2": 1.6e-05,
        "energy_per_token_j": 1.2860082188786,
    },
    "compute_metrics": {
        "flops_total": 2.4e12,
        "flops_per_token": 2.5e10,
        "flops_per_second": 1.371e12,
        "peak_memory_mb": 512.5,
        "model_memory_mb": 256.25,
        "flops_method": "calflops",
        "flops_confidence": "high",
        "compute_precision": "fp16",
    },
}
EXTENDED: dict[str, Any] = {
    "tpot_ms": None,
    "token_efficiency_index": 0.7,
    "memory": {"total_vram_mb": 81920.0, "peak_memory_mb": 512.75, "kv_cache_mb": None, "tokens_per_gb_vram": 1.2},
    "gpu_utilisation": {"sm_utilisation_mean": 83.5, "sm_utilisation_samples": 17},
    "batch": {"effective_batch_size": 3.5, "batch_utilisation": 0.875, "padding_overhead": 0.12, "num_batches": 9},
    "kv_cache": {"kv_cache_hit_rate": None, "kv_cache_blocks_used": 11, "kv_cache_blocks_total": 640},
    "request_latency": {"e2e_latency_mean_ms": 101.5, "e2e_latency_p99_ms": 222.25, "e2e_latency_samples": 32},
}


def process(number: int = 0, **changes: Any) -> dict[str, Any]:
    """One process's result."""
    fields: dict[str, Any] = {
        "schema_version": "2.0.0",
        "experiment_id": "exp-1",
        "backend": "pytorch",
        "backend_version": "2.3.1",
        "process_index": number,
        "gpu_id": number,
        "gpu_name": "NVIDIA A100",
        "gpu_is_mig": False,
        "gpu_mig_profile": None,
        "energy_measurement_warning": None,
        "energy_tracking_failed": False,
        "config_name": "llama-fp16",
        "model_name": "org/llama",
        "timestamps": {"start": "2024-05-01T10:00:00.250000", "end": "2024-05-01T10:00:02", "duration_sec": 1.75},
        **SHAPE,
        "effective_config": {"batch_size": 4, "decoding": {"temperature": 0.7, "stop": ["a", "b"]}},
        "cli_overrides": {"batch_size": 4},
        "config_warnings": ["batch size was rounded"],
        "parameter_provenance": {"batch_size": {"source": "cli"}},
        "preset_chain": ["base", "fp16"],
        "cycle_run_info": {"cycle_id": 1, "cycle_count": 1, "total_cycles": 3},
        "extended_metrics": EXTENDED,
        "per_request_latencies_ms": [99.5, 103.5],
        "gpu_utilisation_samples": [80.0, 87.0],
    }
    return fields | changes


def aggregated(processes: int = 2, **changes: Any) -> dict[str, Any]:
    """An aggregate over processes."""
    fields: dict[str, Any] = {
        "schema_version": "2.0.0",
        "experiment_id": "exp-1",
        "backend": "pytorch",
        "backend_version": "2.3.1",
        "aggregation": {"method": "sum_energy_avg_throughput", "num_processes": processes, "warnings": ["MIG seen"]},
        "total_tokens": 192,
        "total_energy_j": 246.91357802469,
        "total_inference_time_sec": 1.8125,
        "avg_tokens_per_second": 105.93103448275862,
        "avg_energy_per_token_j": 1.2860082188786,
        "total_flops": 4.8e12,
        "process_results": [process(number) for number in range(processes)],
        "start_time": "2024-05-01T10:00:00+02:00",
        "end_time": "2024-05-01T10:00:03.125+02:00",
        "effective_config": {"batch_size": 4},
        "latency_stats": None,
        "energy_tracking_failed": False,
        "extended_metrics": EXTENDED,
    }
    return fields | changes


def cycles(count: int = 3) -> dict[str, Any]:
    """Several cycles in one file."""
    each = [
        aggregated(cycle_run_info={"cycle_id": number, "total_cycles": count}, total_tokens=1000 + number)
        for number in range(count)
    ]
    return {"cycles": each, "statistics": {"energy_mean_j": 246.5, "energy_std_j": 0.125}}


_NUMBER = st.one_of(
    st.none(),
    st.integers(min_value=-(2**63), max_value=2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.just(0),
    st.just(0.0),
)
_ANY = st.recursive(
    st.one_of(_NUMBER, st.booleans(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A result file with any numbers, fields left out, and fields that nobody knows."""
    form = draw(st.sampled_from(("raw", "aggregated", "cycles")))
    made: dict[str, Any] = {"raw": process, "aggregated": aggregated, "cycles": lambda: cycles(2)}[form]()
    bent: dict[str, Any] = draw(_bent(made))
    bent.update(draw(st.dictionaries(st.text(max_size=8).map(lambda key: f"more {key}"), _ANY, max_size=2)))
    return bent


def _bent(value: Any) -> st.SearchStrategy[Any]:
    if isinstance(value, dict):
        return st.fixed_dictionaries({key: _bent(inner) for key, inner in value.items()})
    if isinstance(value, list):
        return st.tuples(*(_bent(inner) for inner in value)).map(list)
    if isinstance(value, bool):
        return st.booleans()
    if isinstance(value, int | float):
        return st.one_of(st.just(value), _NUMBER)
    return st.just(value)
