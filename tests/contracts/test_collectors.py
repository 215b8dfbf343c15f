"""What every collector keeps, whoever wrote it: a new file is tested before its author writes a test."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from assay.observe.collector import (
    COLLECTORS,
    Collector,
    Description,
    Ended,
    Nature,
    Observation,
)
from assay.record.base import Measured
from assay.record.metrics import BY_NAME
from tests.observe.collectors.targets import Sink, started, waited_for

NAMES = COLLECTORS.names()


def _collector(name: str) -> Collector:
    plugin: Collector = COLLECTORS.load(name)
    return plugin


@pytest.mark.parametrize("name", NAMES)
def test_a_collector_describes_itself(name: str) -> None:
    description = _collector(name).description
    assert isinstance(description, Description)
    assert description.name == name
    assert isinstance(description.nature, Nature)
    assert set(description.metrics) <= BY_NAME.keys()


@pytest.mark.parametrize("name", NAMES)
def test_a_collector_says_why_it_can_not_run_or_runs(name: str, tmp_path: Path) -> None:
    plugin = _collector(name)
    obstacle = plugin.obstacle()
    if obstacle is not None:
        assert len(obstacle) > 10
        return
    observation, _, _ = _observed(plugin, tmp_path)
    assert isinstance(observation, Observation)


@pytest.mark.parametrize("name", NAMES)
def test_a_collector_gives_what_it_announced_and_each_once(name: str, tmp_path: Path) -> None:
    plugin = _runnable(name)
    observation, sink, _ = _observed(plugin, tmp_path)
    given = [metric.name for metric in observation.metrics]
    assert sorted(given) == sorted(plugin.description.metrics)
    for metric in observation.metrics:
        origin = type(metric.value).__struct_config__.tag
        assert origin == "missing" or origin in BY_NAME[metric.name].origins
        if isinstance(metric.value, Measured):
            assert metric.value.by.partition(":")[0] == name
    assert all(file.startswith(f"raw/{name}/") and (tmp_path / file).is_file() for file in sink.announced)


@pytest.mark.parametrize("name", NAMES)
def test_samples_lie_inside_the_run_and_name_their_unit(name: str, tmp_path: Path) -> None:
    plugin = _runnable(name)
    _, sink, end = _observed(plugin, tmp_path)
    assert all(end.start_ns <= time_ns <= end.end_ns for time_ns, _, _, _ in sink.samples.rows)
    assert all(device.startswith(("cpu:", "gpu:")) and value >= 0.0 for _, _, device, value in sink.samples.rows)
    if plugin.description.interval_s is None:
        assert sink.samples.rows == []


@pytest.mark.parametrize("name", NAMES)
def test_an_observed_target_does_what_it_does_alone(name: str, tmp_path: Path) -> None:
    plugin = _runnable(name)
    _, _, end = _observed(plugin, tmp_path)
    assert end.wait_status == 5 << 8


def _runnable(name: str) -> Collector:
    plugin = _collector(name)
    if (obstacle := plugin.obstacle()) is not None:
        pytest.skip(reason=obstacle)
    return plugin


def _observed(plugin: Collector, folder: Path) -> tuple[Observation, Sink, Ended]:
    """A short target under one collector, looked at as the launcher would."""
    sink = Sink(folder)
    start_ns = time.perf_counter_ns()
    process = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(0.15); raise SystemExit(5)"])
    observer = plugin.attach(started(process.pid), sink)
    for _ in range(3):
        observer.look(time.perf_counter_ns())
        time.sleep(0.02)
    ended = waited_for(process, start_ns)
    return observer.finish(ended), sink, ended
