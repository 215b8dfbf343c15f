from __future__ import annotations

import msgspec
import pytest

from assay.record.diagnosis.findings import Clock, Finding, Gain, HotLine, Location, Scope


def make_finding(**changes: object) -> Finding:
    fields: dict[str, object] = {
        "id": "f-1",
        "pattern": "sleep_poll",
        "title": "It sleeps and looks again",
        "family": "concurrency",
        "location": Location(scope=Scope.LINE, file="a.py", line=3, function="wait"),
        "confidence": 0.8,
        "confidence_formula": "share(sleep)",
        "evidence": (),
        "observation": "90 % of the wall time was spent asleep at a.py:3.",
        "interpretation": "The program polls.",
        "uncertainty": "The pause may be wanted.",
        "suggestions": ("Wait for the event.",),
        "verification": ("Run it again.",),
    }
    return Finding(**{**fields, **changes})  # type: ignore[arg-type]


def test_a_finding_survives_the_way_through_json() -> None:
    finding = make_finding(gain=Gain(share=0.9, low=0.8, high=0.95))
    assert msgspec.json.decode(msgspec.json.encode(finding), type=Finding) == finding


def test_a_confidence_above_one_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="confidence"):
        msgspec.json.decode(msgspec.json.encode(make_finding(confidence=1.5)), type=Finding)


def test_times_of_a_line_are_kept_by_the_name_of_their_clock() -> None:
    line = HotLine(file="a.py", line=1, function="f", samples=3, seconds={Clock.CPU: 0.5})
    assert msgspec.to_builtins(line)["seconds"] == {"cpu": 0.5}
