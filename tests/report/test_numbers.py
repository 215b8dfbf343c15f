from __future__ import annotations

from assay.record.documents.report import Summary
from assay.report.numbers import origin_text, speed_text, spread_text, summary_text


def _summary(median: float | None, origin: str = "measured", source: str = "rusage", **rest: object) -> Summary:
    fields = {"count": 1, "low": median, "high": median, "reason": "", **rest}
    return Summary(median=median, origin=origin, source=source, **fields)  # type: ignore[arg-type]


def test_an_estimate_is_marked_in_the_cell_and_in_its_origin() -> None:
    estimate = _summary(40.0, origin="estimated", source="tdp")
    assert summary_text(estimate, "J") == "about 40 J"
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
