from __future__ import annotations

import msgspec
import numpy as np
import pytest

from assay.analyze.evidence.gather import Evidence
from assay.analyze.places import places_of
from assay.record.diagnosis.findings import Scope
from tests.analyze.functions.test_time import place, value
from tests.analyze.makers import MS, Piece, frame, make_evidence, processes_of, table


def run(**columns: list[int]) -> Evidence:
    return make_evidence(
        [Piece(ms=2000, stack=(frame("main", 1),))], tables=processes_of(cpu_ms=1500, wall_ms=2000, **columns)
    )


def at_run(expression: str, evidence: Evidence) -> object:
    [place] = places_of(evidence, Scope.RUN)
    return value(expression, place)


def test_a_level_that_rises_steadily_is_described() -> None:
    evidence = run(rss_bytes=[1000 + 100 * number for number in range(21)])
    assert at_run("trend(rss_bytes)", evidence) == pytest.approx(1.0)
    assert at_run("slope(rss_bytes)", evidence) == pytest.approx(1000.0)
    assert at_run("rise(rss_bytes)", evidence) == 1600.0
    assert at_run("peak(rss_bytes)", evidence) == 3000.0
    assert at_run("last(rss_bytes)", evidence) == 3000.0
    assert at_run("mean(rss_bytes)", evidence) == 2000.0
    assert at_run("steadiness(rss_bytes)", evidence) == pytest.approx(0.75, abs=0.26)


def test_a_level_that_falls_at_the_end_still_climbed_to_its_peak() -> None:
    evidence = run(rss_bytes=[1000 + 100 * number for number in range(19)] + [500, 100])
    assert at_run("climb(rss_bytes)", evidence) == pytest.approx(1.0)
    assert at_run("peak_at(rss_bytes)", evidence) == pytest.approx(0.9)
    assert at_run("growth_of(rss_bytes)", evidence) == pytest.approx(1400 / 2800)
    assert at_run("growth_of(rss_bytes)", run(rss_bytes=[0] * 21)) is None


def test_a_level_that_comes_and_goes_has_several_summits() -> None:
    assert at_run("summits(rss_bytes)", run(rss_bytes=[100, 500, 1000, 900, 200] * 4 + [100])) == 4.0
    assert at_run("summits(rss_bytes)", run(rss_bytes=[100] * 9 + [900, 1000, 700, 900] + [100] * 8)) == 1.0
    assert at_run("summits(rss_bytes)", run(rss_bytes=[0] * 21)) is None


def test_one_step_is_no_steady_rise() -> None:
    evidence = run(rss_bytes=[1000] * 10 + [9000] * 11)
    assert at_run("steadiness(rss_bytes)", evidence) == 0.0


def test_a_few_readings_at_the_end_of_a_series_say_nothing() -> None:
    evidence = run(rss_bytes=[1000 * number for number in range(21)])
    table_ = evidence.tables["processes"]
    times = table_["time_ns"].copy()
    times[:18] = times[0] + np.arange(18)
    sparse = msgspec.structs.replace(table_, columns={**table_.columns, "time_ns": times})
    evidence = msgspec.structs.replace(evidence, tables={**evidence.tables, "processes": sparse})
    assert at_run("steadiness(rss_bytes)", evidence) is None


def test_a_count_has_a_total_and_a_rate() -> None:
    evidence = run(minor_faults=list(np.arange(21) * 50))
    assert at_run("total(minor_faults)", evidence) == 1000.0
    assert at_run("rate(minor_faults)", evidence) == pytest.approx(500.0)
    assert at_run("rate(steal_s)", evidence) is None
    assert at_run("per_cpu_s(minor_faults)", evidence) == pytest.approx(1000 / 1.5)


def test_system_calls_are_counted_by_name() -> None:
    evidence = run()
    rows = [
        {"start_ns": 0, "end_ns": 1000 * MS, "name": name, "count": count}
        for name, count in (("read", 10), ("pread64", 5), ("write", 7))
    ]
    evidence = msgspec.structs.replace(evidence, tables={**evidence.tables, "calls": table("calls", rows)})
    assert at_run('syscalls("read")', evidence) == 15
    assert at_run('syscall_rate("^write$")', evidence) == pytest.approx(3.5)
    assert at_run('syscalls("read")', run()) is None


def test_a_rise_belongs_to_the_line_that_ran_meanwhile() -> None:
    grow, rest = (frame("grow", 2),), (frame("rest", 3),)
    evidence = make_evidence(
        [Piece(ms=1000, stack=rest), Piece(ms=1000, stack=grow)],
        tables=processes_of(cpu_ms=2000, wall_ms=2000, rss_bytes=[100] * 10 + [100 + 50 * n for n in range(11)]),
    )
    assert value("rise_share(rss_bytes)", place("grow", evidence=evidence)) == pytest.approx(1.0, abs=0.05)
    assert value("rise_share(rss_bytes)", place("rest", evidence=evidence)) == pytest.approx(0.0, abs=0.05)
