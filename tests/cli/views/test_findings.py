from __future__ import annotations

import msgspec

from assay.cli.terminal.style import Line, paint
from assay.cli.views.findings import evidence_lines, summary_lines
from assay.record.diagnosis.findings import (
    Clock,
    ClockShare,
    FindingEvidence,
    Findings,
    Gain,
    HotLine,
    NotEvaluated,
)
from tests.record.diagnosis.test_findings import make_finding

SHA = "0" * 64


def make_findings(**changes: object) -> Findings:
    fields: dict[str, object] = {
        "run": "01JD0000000000000000000000",
        "record_sha256": SHA,
        "rules_sha256": SHA,
        "insufficient": None,
        "wall_s": 2.0,
        "samples": 200,
        "clocks": (ClockShare(clock=Clock.SLEEP, seconds=1.8, share=0.9),),
        "findings": (make_finding(gain=Gain(share=0.9, low=0.85, high=0.95)),),
        "notes": (),
        "trust": (),
        "not_evaluated": (NotEvaluated(pattern="x", missing=("native",), reason="no perf"),),
        "lines": (HotLine(file="a.py", line=3, function="f", samples=9, seconds={Clock.CPU: 0.25}),),
    }
    return Findings(**{**fields, **changes})  # type: ignore[arg-type]


def text(lines: list[Line]) -> str:
    return "\n".join(paint(line, color=False) for line in lines)


def test_the_summary_names_time_cause_place_share_and_remedy() -> None:
    shown = text(summary_lines(make_findings(), 80))
    assert "90%  " in shown
    assert "asleep" in shown
    assert "1. It sleeps and looks again" in shown
    assert "a.py:3 in wait()  at most 90% of the wall time (85% to 95%)" in shown
    assert "try: Wait for the event." in shown
    assert "1 pattern was not evaluated, for want of: native" in shown


def test_few_causes_are_shown_and_the_others_counted() -> None:
    many = tuple(make_finding(id=f"f-{number}") for number in range(5))
    assert "… and 2 more" in text(summary_lines(make_findings(findings=many), 80))


def test_without_a_cause_the_hottest_line_is_named() -> None:
    shown = text(summary_lines(make_findings(findings=()), 80))
    assert "No known cause was found." in shown
    assert "a.py:3 in f(): 250 ms" in shown


def test_without_a_cause_a_note_says_where_the_work_is_done() -> None:
    shown = text(summary_lines(make_findings(findings=(), notes=(make_finding(title="One line works"),)), 80))
    assert "One line works: a.py:3 in wait()" in shown


def test_too_little_evidence_is_said_before_anything_else() -> None:
    shown = text(summary_lines(make_findings(insufficient="12 samples"), 80))
    assert shown.endswith("insufficient evidence: 12 samples")


def test_doubts_about_the_measurement_stand_below_the_causes() -> None:
    doubt = msgspec.structs.replace(make_finding(), title="Others used the machine too")
    assert "doubt: Others used the machine too." in text(summary_lines(make_findings(trust=(doubt,)), 80))


def test_each_condition_has_its_verdict_in_words() -> None:
    rows = [
        FindingEvidence(condition="a > 1", value=2.0, threshold=1.0, unit="s", source="stacks", held=True),
        FindingEvidence(condition="b > 1", value=0.5, threshold=1.0, source="stacks", held=False),
        FindingEvidence(condition="c", value=None, source="native", held=None),
    ]
    shown = text(evidence_lines(rows)).splitlines()
    assert shown[0].split() == ["holds", "a", ">", "1", "=", "2", "s,", "from", "stacks"]
    assert shown[1].startswith("  fails")
    assert shown[2].startswith("  no data")
