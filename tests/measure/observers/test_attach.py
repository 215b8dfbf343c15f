from __future__ import annotations

from pathlib import Path

import pytest

from assay.observe.collectors.pyspy import PLUGIN as PYSPY
from assay.record.base import Measured, Missing
from assay.record.enums import Severity
from assay.record.rows import Metric, best_of_each
from tests.measure.launching import launch, python


def _metric(value: Measured | Missing, name: str = "peak_rss_bytes") -> Metric:
    return Metric(name=name, value=value)


def test_the_first_real_number_wins() -> None:
    gap, first, second = Missing(reason="none"), Measured(value=1.0, by="a"), Measured(value=2.0, by="b")
    assert best_of_each([_metric(gap), _metric(first), _metric(second)]) == (_metric(first),)


def test_where_nobody_has_a_number_the_first_reason_stays() -> None:
    gaps = [_metric(Missing(reason="one")), _metric(Missing(reason="two"))]
    assert best_of_each(gaps) == (gaps[0],)


def test_metrics_of_different_names_are_all_kept() -> None:
    both = [_metric(Measured(value=1.0, by="a"), "cpu_s"), _metric(Measured(value=2.0, by="a"), "read_bytes")]
    assert best_of_each(both) == tuple(both)


def test_a_run_without_collectors_that_see_anything_has_its_wall_time_alone(tmp_path: Path) -> None:
    run = launch(tmp_path, python("pass"), collectors=("null",))
    assert set(run.metrics) == {"wall_s"}
    assert run.record.plan.collectors == ("null",)


def test_only_what_was_asked_for_is_attached(tmp_path: Path) -> None:
    run = launch(tmp_path, python("pass"), collectors=("rusage",))
    assert {artifact.collector for artifact in run.record.artifacts} == {"launcher", "rusage"}
    assert not [flag for flag in run.record.quality if flag.severity is Severity.INVALID]


def test_of_two_collectors_that_write_the_same_tables_one_is_attached(tmp_path: Path) -> None:
    if PYSPY.obstacle() is not None:
        pytest.skip("py-spy is not installed")
    run = launch(tmp_path, python("import time; time.sleep(0.5)"), collectors=("stacks", "pyspy"))
    flags = {flag.id: flag.message for flag in run.record.quality}
    assert "'pyspy' was chosen in its place" in flags["not_attached_stacks"]
