from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.observe.collector import Ended
from assay.observe.collectors.rusage import PLUGIN
from assay.record.base import Derived, Measured, Missing, Quantity
from tests.observe.collectors.targets import Sink, started, usage_of

MIB = 1 << 20


def _seen(tmp_path: Path, *, launcher_mib: int = 9, **fields: float) -> dict[str, Quantity]:
    begun = started(1, launcher_mib * MIB)
    ended = Ended(start_ns=1, end_ns=2_000_000_001, wait_status=0, usage=usage_of(**fields))
    observation = PLUGIN.attach(begun, Sink(tmp_path)).finish(ended)
    return {metric.name: metric.value for metric in observation.metrics}


def test_every_counter_reaches_its_metric_in_its_unit(tmp_path: Path) -> None:
    seen = _seen(
        tmp_path, ru_utime=1.5, ru_stime=0.25, ru_maxrss=50 * 1024, ru_minflt=7, ru_majflt=2,
        ru_nvcsw=3, ru_nivcsw=4, ru_inblock=10, ru_oublock=20,
    )  # fmt: skip
    values = {name: value.value for name, value in seen.items()}
    assert values == {
        "cpu_s": 1.75,
        "cpu_user_s": 1.5,
        "cpu_system_s": 0.25,
        "cpu_utilisation_cores": 0.875,
        "peak_rss_bytes": 50 * MIB,
        "page_faults_minor": 7,
        "page_faults_major": 2,
        "context_switches_voluntary": 3,
        "context_switches_involuntary": 4,
        "read_bytes": 5120,
        "written_bytes": 10240,
    }
    assert seen["cpu_utilisation_cores"] == Derived(value=0.875, sources=("cpu_s", "wall_s"))
    assert seen["cpu_s"] == Measured(value=1.75, by="rusage")


@pytest.mark.parametrize("peak_mib", [20, 100, 106])
def test_a_peak_that_may_be_the_launchers_is_not_reported_as_the_targets(tmp_path: Path, peak_mib: int) -> None:
    peak = _seen(tmp_path, launcher_mib=100, ru_maxrss=peak_mib * 1024)["peak_rss_bytes"]
    assert isinstance(peak, Missing)
    assert "100 MiB" in peak.reason


def test_the_counters_are_kept_as_they_came(tmp_path: Path) -> None:
    _seen(tmp_path, ru_utime=1.5, ru_nswap=9)
    raw = json.loads((tmp_path / "raw/rusage/usage.json").read_text())
    assert (raw["ru_utime"], raw["ru_nswap"], raw["ru_stime"]) == (1.5, 9, 0)


def test_a_target_that_was_not_ours_to_wait_for_has_reasons_and_no_numbers(tmp_path: Path) -> None:
    ended = Ended(start_ns=1, end_ns=2, wait_status=None, usage=None)
    observation = PLUGIN.attach(started(1), Sink(tmp_path)).finish(ended)
    assert all(isinstance(metric.value, Missing) for metric in observation.metrics)
    assert {metric.name for metric in observation.metrics} == set(PLUGIN.description.metrics)
