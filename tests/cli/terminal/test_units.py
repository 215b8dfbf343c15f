from __future__ import annotations

from assay.cli.terminal.units import quantity_text, seconds_text
from assay.record.base import Estimated, Measured, Missing


def test_a_missing_number_says_why_and_is_never_zero() -> None:
    text = quantity_text(Missing(reason="RAPL unreadable (run assay doctor)"), "J")
    assert text == "not measured: RAPL unreadable (run assay doctor)"


def test_an_interval_is_shown() -> None:
    assert quantity_text(Measured(value=2, by="nvml", low=1, high=3), "J") == "2 J (1 J to 3 J)"


def test_an_estimate_is_marked() -> None:
    assert quantity_text(Estimated(value=2, model="tdp"), "J") == "about 2 J"


def test_no_duration_is_a_dash() -> None:
    assert seconds_text(None) == "-"
    assert seconds_text(0.25) == "250 ms"
