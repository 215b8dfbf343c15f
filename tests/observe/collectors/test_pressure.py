from __future__ import annotations

from pathlib import Path

import pytest

from assay.observe.collectors.pressure import noise_flags, stalled_us
from assay.record.enums import Severity


def test_the_stall_counter_is_the_total_of_the_first_line(tmp_path: Path) -> None:
    file = tmp_path / "cpu"
    file.write_text("some avg10=1.53 avg60=0.87 avg300=0.53 total=1234\nfull avg10=0.00 avg60=0.00 total=99\n")
    assert stalled_us(file) == 1234


@pytest.mark.parametrize("text", ["", "full avg10=0.00 total=5\n", "some avg10=0.0\n"])
def test_a_file_without_the_counter_is_unknown_and_not_zero(tmp_path: Path, text: str) -> None:
    (tmp_path / "cpu").write_text(text)
    assert stalled_us(tmp_path / "cpu") is None
    assert stalled_us(tmp_path / "absent") is None


def test_a_noisy_machine_is_flagged_with_its_share() -> None:
    (flag,) = noise_flags(0.42)
    assert (flag.id, flag.severity) == ("noisy_machine", Severity.WARNING)
    assert flag.evidence[0].value == 0.42
    assert "42%" in flag.message


def test_a_quiet_machine_is_not_flagged() -> None:
    assert noise_flags(0.02) == ()
