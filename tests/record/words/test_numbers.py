from __future__ import annotations

import math

import pytest

from assay.record.words.numbers import count_text, estimate_text, missing_text, number_text, significant


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
        (math.inf, "s", "inf s"),
        (-0.5, "s", "-500 ms"),
        (4.5e-8, "s", "45.0 ns"),
        (12.0, "ms", "12 ms"),
        (0.0, "B", "0 B"),
        (1536.0, "B", "1.50 KiB"),
        (2.5e12, "FLOP/s", "2.50 TFLOP/s"),
        (2_596_120_000.0, "Hz", "2.60 GHz"),
        (900.0, "Hz", "900 Hz"),
        (42.195, "J", "42.2 J"),
        (0.5, "J/token", "0.500 J/token"),
        (math.nan, "1", "nan"),
    ],
)
def test_numbers_are_short_and_carry_their_unit(value: float, unit: str, text: str) -> None:
    assert number_text(value, unit) == text


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (0.22, "0.220"), (1234.5, "1,234"), (0.00001, "1.00e-05")])
def test_three_digits_are_kept(value: float, text: str) -> None:
    assert significant(value) == text


def test_a_gap_and_an_estimate_can_not_be_taken_for_measurements() -> None:
    assert missing_text("no RAPL") == "not measured: no RAPL"
    assert estimate_text(number_text(2.0, "J")) == "about 2 J"


def test_one_thing_is_named_in_the_singular() -> None:
    assert [count_text(count, "spans") for count in (0, 1, 12_000)] == ["0 spans", "1 span", "12,000 spans"]
