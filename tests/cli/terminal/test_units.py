from __future__ import annotations

import pytest

from assay.cli.terminal.units import number_text, quantity_text, seconds_text
from assay.record.base import Estimated, Measured, Missing


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1.5, "s", "1.50 s"),
        (0.0123, "s", "12.3 ms"),
        (4.5e-8, "s", "45 ns"),
        (0, "s", "0 s"),
        (3 * 2**20, "B", "3 MiB"),
        (1536, "B", "1.50 KiB"),
        (0, "B", "0 B"),
        (12, "1", "12"),
        (12345.678, "1", "12,346"),
        (2.5e12, "FLOP/s", "2.50 TFLOP/s"),
        (42.195, "J", "42.2 J"),
        (0.5, "J/token", "0.5 J/token"),
        (float("inf"), "s", "inf s"),
        (-2.0, "s", "-2 s"),
    ],
)
def test_numbers_are_short_and_have_their_unit(value: float, unit: str, text: str) -> None:
    assert number_text(value, unit) == text


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
