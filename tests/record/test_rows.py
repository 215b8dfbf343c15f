from __future__ import annotations

import pytest

from assay.record.base import Derived, Estimated, Measured, Missing
from assay.record.rows import Metric
from tests.makers import make_distribution, make_energy_window


def test_a_metric_that_is_not_registered_is_refused() -> None:
    with pytest.raises(ValueError, match=r"there is no metric 'speed'.*at /name"):
        Metric(name="speed", value=Measured(value=1.0, by="x"))


def test_an_estimate_cannot_stand_where_only_measurements_may() -> None:
    with pytest.raises(ValueError, match="wall_s is measured, never estimated, at /value/origin"):
        Metric(name="wall_s", value=Estimated(value=1.0, model="guess"))
    with pytest.raises(ValueError, match="cpu_utilisation_cores is derived, never measured"):
        Metric(name="cpu_utilisation_cores", value=Measured(value=1.0, by="x"))


def test_every_metric_may_be_missing_with_a_reason() -> None:
    assert Metric(name="wall_s", value=Missing(reason="no clock")).value.value is None
    assert Metric(name="cpu_utilisation_cores", value=Derived(value=1.0, sources=("cpu_s",))).device is None


@pytest.mark.parametrize("change", [{"min_ns": 3000}, {"max_ns": 200_000}])
def test_a_distribution_out_of_order_is_refused(change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="min_ns <= max_ns <= total_ns does not hold"):
        make_distribution(**change)


def test_a_percentile_is_null_only_with_a_reason() -> None:
    with pytest.raises(ValueError, match="a percentile is null without a reason, at /reason"):
        make_distribution(p99_ns=None)
    assert make_distribution(p99_ns=None, reason="100 calls are too few").has_gap()


def test_an_energy_window_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="the end lies before the start, at /end_ns"):
        make_energy_window(end_ns=0)
