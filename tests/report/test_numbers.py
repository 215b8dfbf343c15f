from __future__ import annotations

import math

import pytest

from assay.record.documents.report import Summary
from assay.report.numbers import amount, origin_text, significant, speed_text, spread_text, summary_text


def _summary(median: float | None, origin: str = "measured", source: str = "rusage", **rest: object) -> Summary:
    fields = {"count": 1, "low": median, "high": median, "reason": "", **rest}
    return Summary(median=median, origin=origin, source=source, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0, "s", "0 s"),
        (1.0, "s", "1 s"),
        (0.612345, "s", "612 ms"),
        (0.0123, "s", "12.3 ms"),
        (4.2e-5, "s", "42.0 µs"),
        (12_345.678, "s", "12,346 s"),
        (999.0, "B", "999 B"),
        (35_966_156.0, "B", "34.3 MiB"),
        (3 * 2**30, "B", "3.00 GiB"),
        (1_234_567.0, "1", "1,234,567"),
        (0.75, "cores", "0.750 cores"),
        (5.0, "J", "5 J"),
        (math.inf, "s", "inf"),
        (-0.5, "s", "-500 ms"),
    ],
)
def test_amounts_are_short_and_carry_their_unit(value: float, unit: str, text: str) -> None:
    assert amount(value, unit) == text


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (0.22, "0.220"), (1234.5, "1,234"), (0.00001, "1.00e-05")])
def test_three_digits_are_kept(value: float, text: str) -> None:
    assert significant(value) == text


def test_an_estimate_is_marked_in_the_cell_and_in_its_origin() -> None:
    estimate = _summary(40.0, origin="estimated", source="tdp")
    assert summary_text(estimate, "J") == "≈ 40 J"
    assert origin_text(estimate) == "estimated by tdp"


def test_a_gap_is_its_reason_and_never_zero() -> None:
    gap = _summary(None, origin="missing", source="", reason="no RAPL", count=0)
    assert summary_text(gap, "J") == "not measured: no RAPL"
    assert origin_text(gap) == "—"


def test_one_run_and_equal_runs_have_no_spread() -> None:
    assert spread_text(_summary(1.0), "s") == ""
    assert spread_text(_summary(0.0, count=8), "1") == ""
    assert spread_text(_summary(1.0, count=3, low=0.5, high=2.0), "s") == "500 ms – 2 s"


def test_ratios_of_times_read_as_speed() -> None:
    assert [speed_text(ratio) for ratio in (0.25, 0.9, 1.1, 3.0)] == [
        "4.00 times as fast",
        "10.0 % less time",
        "10.0 % more time",
        "3.00 times the time",
    ]
