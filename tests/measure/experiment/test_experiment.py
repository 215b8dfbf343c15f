"""Experiments: what is refused, what a cycle records, what several come to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assay.errors import PlanError
from assay.measure.experiment.cycle import measure_experiment
from assay.measure.experiment.energies import SUMS, summed
from assay.measure.experiment.spec import Experiment, check_experiment, fewest_for_interval, read_experiment
from assay.measure.experiment.summary import summary_of
from assay.record.base import Derived, Measured, Missing
from assay.record.enums import Phase, Status
from assay.store import StoredRun, open_store
from tests.driver.scenario import MS, Scenario, build
from tests.measure.launching import python

QUIET = {"baseline_s": 0, "settle_s": 0, "energy": ("hwmon",), "warmup": 1, "repetitions": 2}


def made(tmp_path: Path, code: str, **settings: Any) -> tuple[StoredRun, ...]:
    experiment = check_experiment({**QUIET, "command": python(code), "cwd": str(tmp_path), **settings})
    return measure_experiment(experiment, open_store(tmp_path / "store"))


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    settings = {
        "comand": ["x"],
        "repetitions": 0,
        "cycles": True,
        "baseline_s": 0.1,
        "timeout_s": -1,
        "cwd": str(tmp_path / "nowhere"),
        "energy": ["nvlm", "cpu_model"],
        "tokens": "many",
    }
    with pytest.raises(PlanError) as refused:
        check_experiment(settings, where="experiment.yaml")
    said = str(refused.value)
    for part in (
        "10 things are wrong",
        "did you mean 'command'",
        "there is no command to measure",
        "repetitions is 0",
        "cycles is True",
        "baseline_s is 0.1",
        "timeout_s is -1",
        "nowhere' does not exist",
        "did you mean 'nvml'",
        "cpu_model needs cpu_rated_power_w",
        "tokens is 'many'",
    ):
        assert part in said


def test_a_file_says_what_flags_say(tmp_path: Path) -> None:
    file = tmp_path / "experiment.yaml"
    file.write_text("command: [sh, -c, 'exit 0']\nrepetitions: 7\nbaseline_s: 1\nvariables: {SIZE: 3}\ncwd: .\n")
    experiment = check_experiment(read_experiment(file))
    assert experiment.command == ("sh", "-c", "exit 0")
    assert (experiment.repetitions, experiment.baseline_s) == (7, 1)
    assert experiment.variables == {"SIZE": "3"}
    assert Path(experiment.cwd).samefile(tmp_path)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "command: [unclosed\n", "\tcommand: x\n"])
def test_a_file_that_holds_no_settings_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "experiment.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError) as refused:
        check_experiment(read_experiment(file))
    assert "\n" not in str(refused.value)
    with pytest.raises(PlanError):
        read_experiment(tmp_path / "missing.yaml")


def test_a_cycle_is_a_run_of_its_launches_and_energy_that_nobody_meters_is_unknown(tmp_path: Path) -> None:
    runs = made(tmp_path, "print('x' * 10)", cycles=2, name="writer")
    assert [run.record.position.cycle for run in runs] == [0, 1]
    assert len({run.record.position.session for run in runs}) == 1
    record = runs[0].record
    assert (record.plan.warmup, record.plan.repetitions, record.plan.target.name) == (1, 2, "writer")
    assert record.outcome.stdout_bytes == 33
    values = {metric.name: metric.value for metric in record.metrics if metric.device is None}
    for name in ("energy_j", *SUMS):
        assert isinstance(values[name], Missing)
    assert isinstance(values["e2e_latency_mean_ms"], Measured)
    assert values["e2e_latency_samples"].value == 2.0
    assert record.energy == ()


def test_a_launch_that_fails_ends_the_experiment_and_is_kept(tmp_path: Path) -> None:
    runs = made(tmp_path, "raise SystemExit(7)", cycles=3)
    assert len(runs) == 1
    assert runs[0].record.status is Status.FAILED
    assert "launch 1: exit status 7" in runs[0].record.status_reason


def test_launches_go_on_until_their_times_are_steady_or_the_limit_is_reached(tmp_path: Path) -> None:
    code = "import pathlib, time; f = pathlib.Path('n'); f.open('a').write('x'); time.sleep(0.02 * len(f.read_text()))"
    (run,) = made(tmp_path, code, cycles=1, steady=16, repetitions=4)
    assert "16 launches, of which 12 to warm up" in run.record.outcome.note
    assert {"slowing_down", "never_steady"} & {flag.id for flag in run.record.quality}


def test_a_launch_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    (run,) = made(tmp_path, "import time; time.sleep(60)", cycles=1, timeout_s=0.3)
    assert run.record.status is Status.TIMED_OUT


def test_cycles_come_to_means_and_intervals_from_three_on(tmp_path: Path) -> None:
    runs = made(tmp_path, "pass", cycles=3, tokens=10)
    document = summary_of(runs)
    by_name = {metric.name: metric for metric in document.metrics if metric.device is None}
    wall = by_name["wall_s"]
    assert wall.mean is not None
    assert wall.low is not None
    assert wall.low < wall.mean < (wall.high or 0.0)
    assert "3 cycles" in wall.warning
    assert by_name["energy_j"].mean is None
    assert by_name["energy_j"].reason
    assert by_name["total_tokens"].mean == 20.0
    two = summary_of(runs[:2])
    assert all(metric.low is None for metric in two.metrics)
    assert fewest_for_interval(2)
    assert not fewest_for_interval(3)


def test_a_sum_with_an_unknown_part_is_unknown_and_intervals_add_up_as_independent_ones_do() -> None:
    known = [Measured(value=10.0, by="a", low=7.0, high=13.0), Measured(value=20.0, by="b", low=16.0, high=24.0)]
    total = summed(known, "energy.raw_j")
    assert isinstance(total, Derived)
    assert (total.value, total.low, total.high) == (30.0, 25.0, 35.0)
    assert isinstance(summed([*known, Missing(reason="lost")], "energy.raw_j"), Missing)


def test_the_model_of_a_processor_is_an_estimate_all_the_way(tmp_path: Path) -> None:
    (run,) = made(
        tmp_path,
        "import time; time.sleep(0.8)",
        cycles=1,
        warmup=0,
        repetitions=1,
        energy=("cpu_model",),
        cpu_rated_power_w=100.0,
    )
    origins = {
        type(metric.value).__name__ for metric in run.record.metrics if metric.name in {"energy_j", "cpu_energy_j"}
    }
    assert origins <= {"Estimated", "Missing"}
    assert {window.method.value for window in run.record.energy} == {"model"}


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, StoredRun]:
    """One cycle of two launches that load the second of two simulated GPUs, measured as a user would."""
    pytest.importorskip("pynvml", reason="nvidia-ml-py is not installed")
    folder = tmp_path_factory.mktemp("simulated")
    scenario = Scenario(folder / "scenario")
    scenario.device(0, idle_w=40.0, counter_period_ns=100 * MS)
    scenario.device(1, idle_w=60.0, counter_period_ns=20 * MS)
    scenario.reason(1, 0x4, scenario.begun_ns, scenario.begun_ns + 3_600_000 * MS)
    phases = "import os, time; open(os.environ['ASSAY_PHASES'], 'a').write(f'{time.monotonic_ns()} decode\\n')"
    load = Path(__file__).parents[2] / "driver/load.py"
    words = [sys.executable, "-m", "assay", "--store", str(folder / "store"), "measure", "--cycles", "1"]
    words += ["--repetitions", "2", "--warmup", "0", "--energy", "nvml", "--tokens", "10", "--settle", "1.2", "--"]
    script = f'{sys.executable} -I -S -c "{phases}"; exec {sys.executable} -I -S {load} {scenario.file} 1.5 240 1'
    words += ["sh", "-c", script]
    variables = {**os.environ, **scenario.variables(build()), "CUDA_VISIBLE_DEVICES": "1"}
    subprocess.run(words, env=variables, check=True, capture_output=True)
    scenario.reread()
    return scenario, open_store(folder / "store").get("@latest")


def test_the_energy_of_each_launch_lies_in_its_interval(simulated: tuple[Scenario, StoredRun]) -> None:
    scenario, run = simulated
    windows = run.record.energy
    assert [window.device for window in windows] == ["gpu:1", "gpu:1"], "the other GPU was masked"
    for window in windows:
        truth_j = scenario.energy_j(1, window.start_ns, window.end_ns)
        assert isinstance(window.raw_j, Measured)
        assert window.raw_j.low is not None
        assert window.raw_j.high is not None
        # a machine that hardly lets the sampler run makes the interval wide, not wrong; twice is never exceeded
        away_j = abs(window.raw_j.value - truth_j)
        assert away_j <= window.raw_j.high - window.raw_j.low
        assert window.phase is Phase.NONE


def test_the_totals_are_the_windows_sum_and_every_token_has_its_share(simulated: tuple[Scenario, StoredRun]) -> None:
    _, run = simulated
    values = {metric.name: metric.value.value for metric in run.record.metrics if metric.device is None}
    total_j = sum(window.raw_j.value or 0.0 for window in run.record.energy)
    assert values["gpu_energy_j"] == values["energy_j"] == pytest.approx(total_j)
    assert values["energy_per_token_j"] == pytest.approx(total_j / 20)
    assert values["cpu_energy_j"] is None


def test_throttling_is_flagged_with_its_seconds(simulated: tuple[Scenario, StoredRun]) -> None:
    _, run = simulated
    assert "throttled_sw_power_cap" in {flag.id for flag in run.record.quality}
    (seconds,) = [metric.value.value for metric in run.record.metrics if metric.name == "throttled_power_s"]
    (window_s,) = [metric.value.value for metric in run.record.metrics if metric.name == "energy_window_s"]
    assert seconds == pytest.approx(window_s, rel=0.2)


def test_a_phase_that_the_command_told_of_has_its_own_energy_beside_the_whole(
    simulated: tuple[Scenario, StoredRun],
) -> None:
    _, run = simulated
    document = summary_of([run])
    told = {
        metric.phase: metric.mean
        for metric in document.metrics
        if (metric.name, metric.device) == ("energy_j", "gpu:1")
    }
    decode, whole = told[Phase.DECODE], told[Phase.NONE]
    assert decode is not None
    assert whole is not None
    assert 0.5 * whole < decode < whole


def test_every_reading_is_kept(simulated: tuple[Scenario, StoredRun]) -> None:
    _, run = simulated
    assert any(series.kind.value == "samples" and series.rows > 50 for series in run.record.series)


def test_defaults_are_an_experiment_of_three_cycles() -> None:
    assert check_experiment({"command": ["true"]}) == Experiment(command=("true",))
