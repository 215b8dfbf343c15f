from __future__ import annotations

import pytest

from assay.record.base import Derived, Estimated, Measured, Missing
from assay.record.rows import Metric
from assay.report.figures import figures_of, quantity_of, split_of, summarise
from tests.makers import make_run
from tests.report.views import side_run


def test_a_summary_is_the_median_with_its_range_and_source() -> None:
    summary = summarise([Measured(value=value, by="rusage") for value in (3.0, 1.0, 2.0)])
    assert (summary.count, summary.median, summary.low, summary.high) == (3, 2.0, 1.0, 3.0)
    assert (summary.origin, summary.source) == ("measured", "rusage")


def test_an_estimate_among_measurements_is_never_called_measured() -> None:
    summary = summarise([Measured(value=1.0, by="rapl"), Estimated(value=2.0, model="tdp")])
    assert summary.origin == "mixed"
    assert summary.source == "rapl or tdp"


def test_no_number_keeps_its_reason() -> None:
    summary = summarise([Missing(reason="no permission"), Missing(reason="other")])
    assert (summary.count, summary.median, summary.reason) == (0, None, "no permission")
    assert summarise([]).reason


def test_a_gap_among_numbers_is_left_out_and_counted() -> None:
    assert summarise([Missing(reason="late"), Measured(value=4.0, by="x")]).count == 1


def test_a_metric_of_one_device_or_phase_is_not_the_runs() -> None:
    assert isinstance(quantity_of(make_run(), "gpu_energy_j"), Missing)
    assert isinstance(quantity_of(make_run(), "ttft_ms"), Missing)
    assert quantity_of(make_run(), "cpu_utilisation_cores") == Derived(value=0.75, sources=("cpu_s", "wall_s"))


def test_figures_stand_in_the_order_of_the_registry_with_unit_and_meaning() -> None:
    figures = figures_of([[make_run()]])
    names = [figure.name for figure in figures]
    assert names[:3] == ["wall_s", "cpu_s", "cpu_utilisation_cores"]
    assert "energy_j" in names
    assert figures[0].unit == "s"
    assert figures[0].meaning.endswith(".")


def test_the_parts_of_the_split_add_up_to_the_wall_time() -> None:
    split, reason = split_of([side_run("A", 0, wall_s) for wall_s in (1.0, 2.0, 3.0)])
    assert split is not None
    assert reason == ""
    assert split.wall_s == 2.0
    assert split.user_s + split.system_s + split.waiting_s == pytest.approx(2.0)
    assert split.waiting_s == pytest.approx(0.4)


def test_several_processors_at_once_have_no_split() -> None:
    metrics = tuple(
        Metric(name=name, value=Measured(value=value, by="rusage"))
        for name, value in (("wall_s", 1.0), ("cpu_user_s", 3.0), ("cpu_system_s", 0.1))
    )
    split, reason = split_of([make_run(metrics=metrics)])
    assert split is None
    assert "several processors" in reason


def test_without_processor_times_the_split_is_unknown() -> None:
    split, reason = split_of([make_run()])
    assert split is None
    assert reason
