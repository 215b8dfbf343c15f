from __future__ import annotations

from assay.cli.views.measured import measured_lines
from assay.record.documents import MeasuredExperiment, MeasuredMetric


def test_what_is_unknown_says_why_and_what_must_be_known_stands_below() -> None:
    document = MeasuredExperiment(
        name="solve",
        session="01JCZX",
        runs=(),
        metrics=(
            MeasuredMetric(name="wall_s", unit="s", mean=2.0, low=1.9, high=2.1),
            MeasuredMetric(name="energy_j", unit="J", reason="no meter"),
        ),
        flags=("The clocks were held down.",),
    )
    text = "\n".join(str(line) for line in measured_lines(document, None))
    assert "1.90 s to 2.10 s" in text
    assert "not measured" in text
    assert "no meter" in text
    assert "! The clocks were held down." in text
