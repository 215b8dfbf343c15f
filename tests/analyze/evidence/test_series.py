from __future__ import annotations

import os

import pytest

from assay.analyze.evidence.series import MACHINE, after_warmup, merged, series_of, span_s
from assay.observe.sampling.readings import Machine, stalls
from tests.analyze.makers import MS, processes_of, table


def rows(*cells: tuple[int, int, int, int]) -> list[dict[str, object]]:
    return [
        {"time_ns": ms * MS, "pid": pid, "state": "R", "threads": 1, "rss_bytes": rss, "user_ns": user, "system_ns": 0}
        for ms, pid, rss, user in cells
    ]


def test_a_level_is_the_sum_over_the_processes_that_are_there() -> None:
    found = series_of(
        table("processes", _filled((0, 1, 10, 0), (100, 1, 10, 0), (100, 2, 5, 0), (200, 1, 12, 0))), None
    )
    assert found["rss_bytes"].value.tolist() == [10, 15, 12]
    assert found["processes"].value.tolist() == [1, 2, 1]


def test_rows_of_one_look_are_added_up_though_each_was_read_a_moment_later() -> None:
    cells = _filled((0, 1, 10, 0), (100, 1, 10, 0), (101, 2, 5, 0), (200, 1, 12, 0), (201, 2, 6, 0), (2000, 3, 1, 0))
    found = series_of(table("processes", cells), None)
    assert found["rss_bytes"].value.tolist() == [10, 15, 18, 1]
    assert (found["rss_bytes"].time_ns // MS).tolist() == [0, 100, 200, 2000]


def test_what_is_read_less_often_stays_until_it_is_read_again() -> None:
    cells = [{**row, "descriptors": 3} for row in _filled((0, 1, 1, 0), (0, 2, 1, 0))]
    cells += [{**row, "descriptors": 5} for row in _filled((100, 1, 1, 0))]
    cells += _filled((100, 2, 1, 0), (200, 1, 1, 0), (200, 2, 1, 0), (300, 1, 1, 0))
    cells += [{**row, "descriptors": 7} for row in _filled((400, 1, 1, 0))]
    assert series_of(table("processes", cells), None)["descriptors"].value.tolist() == [6, 8, 7]


def test_what_a_process_counted_stays_when_it_ends() -> None:
    cells = _filled(
        (0, 1, 1, 100), (100, 1, 1, 200), (100, 2, 1, 50), (200, 1, 1, 300), (200, 2, 1, 90), (300, 1, 1, 310)
    )
    assert series_of(table("processes", cells), None)["user_ns"].value.tolist() == [100, 250, 390, 400]


def test_a_reading_that_was_not_readable_makes_no_series() -> None:
    assert "descriptors" not in series_of(processes_of(cpu_ms=1, wall_ms=500)["processes"], None)


def test_readings_of_the_machine_are_kept_by_name() -> None:
    machine = table("machine", [{"time_ns": ms, "name": "pressure_cpu_some_us", "value": ms * 2.0} for ms in (1, 2)])
    assert series_of(None, machine)["pressure_cpu_some_us"].value.tolist() == [2.0, 4.0]


def test_a_series_can_be_cut_and_added() -> None:
    found = series_of(processes_of(cpu_ms=1000, wall_ms=1000)["processes"], None)
    assert span_s(found["user_ns"]) == pytest.approx(1.0)
    assert len(after_warmup(found["user_ns"]).value) == 9
    both = merged(found, ("user_ns", "system_ns"))
    assert both is not None
    assert both.value.tolist() == found["user_ns"].value.tolist()
    assert merged(found, ("user_ns", "nothing")) is None


def _filled(*cells: tuple[int, int, int, int]) -> list[dict[str, object]]:
    blank = dict.fromkeys(("children_user_ns", "children_system_ns", "minor_faults", "major_faults"), 0)
    return [{**blank, **row} for row in rows(*cells)]


def test_the_collector_writes_the_readings_that_rules_may_ask_for() -> None:
    written = {name for name, _ in Machine(os.getpid()).readings()}
    always = {name for name in MACHINE if not name.startswith(("group_", "pressure_"))}
    assert always <= written
    stalled = {name for name, _ in stalls("pressure_cpu", b"some avg10=0.00 avg60=0.00 avg300=0.00 total=5\n")}
    assert stalled <= set(MACHINE)
