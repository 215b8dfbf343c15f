from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from assay.record.enums import Status
from assay.record.run import files_of
from tests.makers import make_artifact, make_clock, make_devices, make_metrics, make_run, make_series


def test_a_time_outside_utc_is_refused() -> None:
    with pytest.raises(ValueError, match="not in UTC, at /created"):
        make_run(created=datetime(2024, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="not in UTC"):
        make_run(created=datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=1))))


def test_a_run_that_is_not_complete_says_why_and_a_complete_one_does_not() -> None:
    with pytest.raises(ValueError, match="at /status_reason"):
        make_run(status=Status.FAILED)
    with pytest.raises(ValueError, match="at /status_reason"):
        make_run(status_reason="why?")
    assert make_run(status=Status.FAILED, status_reason="exit code 1").status is Status.FAILED


def test_a_row_of_a_device_that_is_not_listed_is_refused() -> None:
    with pytest.raises(ValueError, match="not listed in `devices`, at /metrics/5/device"):
        make_run(devices=make_devices()[:1], energy=())


def test_two_devices_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="the same id is listed twice, at /devices/2/id"):
        make_run(devices=(*make_devices(), make_devices()[0]))


def test_a_metric_that_stands_twice_is_refused_and_once_per_device_is_not() -> None:
    metrics = make_metrics()
    assert make_run(metrics=metrics).metrics == metrics
    with pytest.raises(ValueError, match=f"the same name is listed twice, at /metrics/{len(metrics)}/name"):
        make_run(metrics=(*metrics, metrics[0]))


@pytest.mark.parametrize("file", ["run.json", "spans/00000.parquet", "spans", "spans/00000.parquet/x", "run.json/x"])
def test_a_path_that_stands_for_another_file_is_refused(file: str) -> None:
    with pytest.raises(ValueError, match="another file"):
        make_run(artifacts=(make_artifact(file=file),))


def test_a_file_listed_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="at /series/1/file"):
        make_run(series=(make_series(), make_series()))


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="the end lies before the start, at /end_ns"):
        make_clock(end_ns=0)


def test_all_files_are_series_and_artifacts() -> None:
    assert [item.file for item in files_of(make_run())] == ["spans/00000.parquet", "raw/rusage/usage.json"]
