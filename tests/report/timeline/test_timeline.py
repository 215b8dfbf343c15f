from __future__ import annotations

from assay.report.timeline.plot import spark


def test_sparks_go_from_lowest_to_highest_and_show_gaps() -> None:
    assert spark([1.0, None, 2.0, 1.5]) == "▁·█▅"
    assert spark([3.0, 3.0]) == "▁▁"
    assert spark([]) == ""
    assert len(spark([float(number) for number in range(100)], width=10)) == 10
