from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from assay.errors import RecordError
from assay.record.base import Derived, Estimated, Measured, Missing
from assay.record.codec import encode_run
from assay.record.enums import Backend, Precision
from assay.record.migration import migrate_v2
from assay.record.migration.fields import AGGREGATED, PROCESS, Rule
from assay.record.migration.source import read_source
from assay.record.run import Run
from tests.record.migration.results_v2 import aggregated, cycles, documents, process


def runs_of(document: Any) -> tuple[Run, ...]:
    return migrate_v2(json.dumps(document).encode(), "old.json")


def run_of(document: Any) -> Run:
    (run,) = runs_of(document)
    return run


def values(run: Run, device: str | None = None) -> dict[str, float | None]:
    return {metric.name: metric.value.value for metric in run.metrics if metric.device == device}


def legacy(run: Run) -> dict[str, Any]:
    assert run.migration is not None
    return {piece.pointer: json.loads(piece.json) for piece in run.migration.legacy}


def numbers_in(value: Any) -> Iterator[float]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from numbers_in(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def all_numbers(runs: tuple[Run, ...]) -> set[str]:
    """Every number that stands in the runs, as metric or in the text that was kept, bit for bit."""
    found = {repr(metric.value.value) for run in runs for metric in run.metrics if metric.value.value is not None}
    return (
        found
        | {repr(float(number)) for run in runs for number in numbers_in(list(legacy(run).values()))}
        | {repr(number) for run in runs for number in numbers_in(list(legacy(run).values()))}
    )


def test_an_aggregate_becomes_metrics_of_the_run_and_of_each_gpu() -> None:
    run = run_of(aggregated())
    assert values(run)["energy_j"] == 246.91357802469
    assert values(run)["throughput_tokens_per_s"] == 105.93103448275862
    assert values(run, "gpu:1")["gpu_energy_j"] == 100.1
    assert [device.id for device in run.devices] == ["gpu:0", "gpu:1"]
    assert run.plan.target.backend is Backend.PYTORCH
    assert run.plan.target.precision is Precision.FP16
    assert run.position.experiment == "exp-1"
    assert run.created == datetime(2024, 5, 1, 8, tzinfo=UTC)


def test_a_single_process_is_a_run_of_its_own() -> None:
    run = run_of(process())
    assert values(run)["energy_j"] == 123.456789012345
    assert values(run)["ttft_ms"] is None
    assert run.clock.start_utc_ns == 1_714_557_600_250_000_000
    assert [window.raw_j.value for window in run.energy] == [123.456789012345]


def test_a_file_of_cycles_becomes_one_run_per_cycle() -> None:
    runs = runs_of(cycles(3))
    assert [run.position.cycle for run in runs] == [0, 1, 2]
    assert [values(run)["total_tokens"] for run in runs] == [1000.0, 1001.0, 1002.0]
    assert len({run.id for run in runs}) == 3
    assert all(legacy(run)["/statistics"] == {"energy_mean_j": 246.5, "energy_std_j": 0.125} for run in runs)
    assert not any(pointer.startswith("/cycles/0") for pointer in legacy(runs[1]))


def test_nothing_that_a_model_may_have_given_is_called_measured() -> None:
    origins = {metric.name: metric.value for metric in run_of(aggregated()).metrics}
    assert isinstance(origins["energy_j"], Estimated)
    assert isinstance(origins["throughput_tokens_per_s"], Derived)
    assert isinstance(origins["inference_s"], Measured)
    flops = next(metric.value for metric in run_of(process()).metrics if metric.name == "flops_total")
    assert flops == Estimated(value=2.4e12, model="calflops")


def test_the_adjusted_energy_is_null_with_a_reason() -> None:
    run = run_of(aggregated())
    adjusted = next(metric.value for metric in run.metrics if metric.name == "energy_adjusted_j")
    assert adjusted == Missing(reason="the older tool measured no idle baseline")
    assert all(isinstance(window.adjusted_j, Missing) for window in run.energy)


def failed(fields: dict[str, Any]) -> dict[str, Any]:
    zeros = dict.fromkeys(fields.get("energy_metrics", {}), 0.0)
    return fields | {"energy_tracking_failed": True, "energy_metrics": zeros}


def test_placeholders_of_a_failed_energy_tracking_are_null_and_never_zero() -> None:
    document = aggregated(
        total_energy_j=0.0,
        avg_energy_per_token_j=0.0,
        energy_tracking_failed=True,
        process_results=[failed(process(0)), failed(process(1))],
    )
    run = run_of(document)
    for metric in run.metrics:
        if "energy" in metric.name or "power" in metric.name or "emissions" in metric.name:
            assert isinstance(metric.value, Missing), metric
    assert all(window.raw_j.value is None for window in run.energy)
    assert not [pointer for pointer in legacy(run) if "energy_metrics" in pointer or "total_energy_j" in pointer]
    assert "energy_tracking_failed" in {flag.id for flag in run.quality}


def test_a_sum_of_nothing_but_placeholders_is_null_too() -> None:
    document = aggregated(total_energy_j=0.0, process_results=[failed(process(0))])
    assert values(run_of(document))["energy_j"] is None


def test_a_failed_process_among_others_is_flagged_and_the_total_kept() -> None:
    run = run_of(aggregated(process_results=[process(0), failed(process(1))]))
    assert values(run)["energy_j"] == 246.91357802469
    assert values(run, "gpu:1")["energy_j"] is None
    assert "energy_incomplete" in {flag.id for flag in run.quality}


def test_a_zero_that_was_measured_stays_zero() -> None:
    run = run_of(process(energy_metrics={"total_energy_j": 5.0, "cpu_energy_j": 0.0}))
    assert values(run)["cpu_energy_j"] == 0.0


def test_configuration_warnings_and_samples_are_kept() -> None:
    run = run_of(process(gpu_is_mig=True, energy_measurement_warning="MIG: energy is the whole GPU's"))
    options = {option.name: (option.value, option.source) for option in run.plan.options}
    assert options == {"batch_size": (4.0, "flag"), "decoding.temperature": (0.7, "older result file")}
    kept = legacy(run)
    for name in (
        "effective_config",
        "cli_overrides",
        "parameter_provenance",
        "preset_chain",
        "gpu_utilisation_samples",
    ):
        assert kept[f"/{name}"] == process()[name]
    assert kept["/per_request_latencies_ms"] == [99.5, 103.5]
    assert {flag.id for flag in run.quality} >= {"mig", "energy_measurement_warning", "config_warning", "migrated"}


def test_unknown_fields_are_kept_in_the_words_of_the_file() -> None:
    text = json.dumps(process())[:-1] + ', "future": {"a": 1.50e+02, "b": [ 1 ]}, "line\\nbreak": 0.10}'
    (run,) = migrate_v2(text.encode(), "old.json")
    assert run.migration is not None
    pieces = {piece.pointer: piece.json for piece in run.migration.legacy}
    assert pieces["/future"] == '{"a": 1.50e+02, "b": [ 1 ]}'
    assert pieces["/line\nbreak"] == "0.10"


def test_processes_that_share_a_gpu_or_have_none_are_told_apart() -> None:
    shared = [process(0), process(1, gpu_id=0), process(2, gpu_id=None), process(3, gpu_id=True)]
    run = run_of(aggregated(process_results=shared))
    assert [device.id for device in run.devices] == ["gpu:0/process:0", "gpu:0/process:1", "process:2", "process:3"]


def test_a_file_without_times_says_so() -> None:
    run = run_of(process(timestamps=None))
    assert run.created == datetime(1970, 1, 1, tzinfo=UTC)
    assert run.energy == ()
    assert "time_unknown" in {flag.id for flag in run.quality}


def test_a_file_without_version_that_has_the_shape_is_migrated() -> None:
    document = {key: value for key, value in process().items() if key != "schema_version"}
    assert run_of(document).migration is not None


def test_nothing_is_claimed_about_the_machine() -> None:
    environment = run_of(process()).environment
    assert environment.cpu.model is None
    assert {entry.reason for entry in environment.absent} == {"not in the older result file"}


def test_the_same_file_gives_the_same_bytes_and_another_file_another_id() -> None:
    once, again = ([encode_run(run) for run in runs_of(cycles())] for _ in range(2))
    assert once == again
    assert run_of(process()).id != run_of(process(experiment_id="exp-2")).id


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (json.dumps(process(schema_version="2.1.0")), "#/schema_version: version '2.1.0' is not known here"),
        (json.dumps(process(schema_version="4.0.0")), "#/schema_version: version '4.0.0' is not known here"),
        (json.dumps(process(schema_version=2)), "#/schema_version: version '2' is not known here"),
        (json.dumps(process(schema_version="3.0.0")), "there is nothing to migrate"),
        (json.dumps({"cycles": [aggregated(), {"a": 1}]}), "#/cycles/1: this has not the shape"),
        (json.dumps(process())[:-40], "not JSON"),
        (json.dumps(process(a=float("nan"))), "NaN is no number"),
        (json.dumps(process(a=float("-inf"))), "-Infinity is no number"),
        (json.dumps(process()).replace("54.857142857142854", "1e999"), "1e999 is larger than any number"),
        (json.dumps(process()).replace("54.857142857142854", "1" * 40), "larger than 64 bits"),
        (json.dumps(process()).replace('"gpu_id": 0', '"gpu_id": 0, "gpu_id": 1'), "#/gpu_id: the key 'gpu_id' stands"),
        (json.dumps(process()).replace('"gpu_id": 0', '"gpu_id": ' + "[" * 40 + "]" * 40), "nested deeper than"),
        (json.dumps(process()).replace('"gpu_id": 0', '"gpu_id": ' + "[" * 90_000), "nested deeper than"),
        ("{}", "this has not the shape"),
        ("[]", "no object"),
        ("", "not JSON"),
        ("\ufeff" + json.dumps(process()), "byte-order mark"),
    ],
)
def test_what_is_not_a_result_of_format_2_is_refused_in_one_line(data: str, expected: str) -> None:
    with pytest.raises(RecordError) as caught:
        migrate_v2(data.encode(), "old.json")
    line = str(caught.value)
    assert line.startswith("old.json#/")
    assert expected in line
    assert len(line) <= 500
    assert line.isprintable()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=documents())
def test_every_number_is_found_again_and_no_unknown_becomes_zero(document: dict[str, Any]) -> None:
    runs = runs_of(document)
    found = all_numbers(runs)
    for number in numbers_in(document):
        assert repr(number) in found or repr(float(number)) in found or number == 0
    zeros = [metric for run in runs for metric in run.metrics if metric.value.value == 0]
    assert not zeros or 0 in list(numbers_in(document))


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=documents())
def test_migration_gives_the_same_bytes_every_time(document: dict[str, Any]) -> None:
    assert [encode_run(run) for run in runs_of(document)] == [encode_run(run) for run in runs_of(document)]


def test_a_process_that_says_nothing_itself_shares_the_failure_of_the_whole() -> None:
    silent = failed(process(0))
    del silent["energy_tracking_failed"]
    run = run_of(
        aggregated(total_energy_j=0.0, energy_tracking_failed=True, process_results=[silent, failed(process(1))])
    )
    energies = [metric for metric in run.metrics if "energy_j" in metric.name or metric.name.endswith("power_w")]
    assert energies
    assert all(isinstance(metric.value, Missing) for metric in energies)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=documents())
def test_a_zero_of_a_run_is_a_zero_of_the_file_at_that_very_place(document: dict[str, Any]) -> None:
    source = read_source(json.dumps(document).encode(), "old.json")
    for run, experiment in zip(runs_of(document), source.experiments, strict=True):
        objects = [(experiment.fields, PROCESS if experiment.raw else AGGREGATED)]
        objects += [(fields, PROCESS) for fields in experiment.processes()]
        zeros = {rule.metric for fields, rules in objects for rule in rules if _is_zero_at(fields, rule)}
        assert {metric.name for metric in run.metrics if metric.value.value == 0} <= zeros


def _is_zero_at(fields: Any, rule: Rule) -> bool:
    """Whether the file states a zero there, which is no placeholder."""
    if rule.energy and fields.get("energy_tracking_failed") is True:
        return False
    for name in rule.path:
        fields = fields.get(name) if isinstance(fields, dict) else None
    return isinstance(fields, int | float) and not isinstance(fields, bool) and fields == 0
