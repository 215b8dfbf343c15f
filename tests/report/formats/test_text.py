from __future__ import annotations

from assay.report import Fact, Story, View, render
from tests.report.views import compared_view, hostile_view


def _text(view: View) -> str:
    return render(view, "text")


def test_the_result_stands_at_the_top_and_nothing_is_wider_than_80_columns() -> None:
    story = Story(heading="Why", text="word " * 60, code="- a\n+ b")
    text = _text(compared_view(labels={"A": "before", "B": "after"}, stories=(story,), next_steps=("assay doctor",)))
    lines = text.splitlines()
    assert lines[2].startswith("after is faster than before: 2.00 times as fast")
    assert max(len(line) for line in lines) <= 80
    assert "    - a" in lines
    assert lines[-1] == "  assay doctor"


def test_the_verdict_is_a_word_on_the_judged_row_alone() -> None:
    rows = [line for line in _text(compared_view()).splitlines() if " - " in line and "0.5" in line]
    assert [line.split()[0] for line in rows] == ["wall_s", "cpu_s"]
    assert [line.endswith("lower") for line in rows] == [True, False]


def test_bars_are_in_proportion_on_one_scale() -> None:
    lines = _text(compared_view()).splitlines()
    first, second = (
        next(line for line in lines if line.startswith(f"  {side}: ") and "█" in line) for side in ("A", "B")
    )
    cells = [sum(line.count(mark) for mark in "█▓░") for line in (first, second)]
    assert cells[0] == 2 * cells[1]
    assert first.count("░") == round(0.2 * cells[0])


def test_what_can_not_be_measured_is_listed_with_its_reason() -> None:
    text = _text(compared_view(unmeasured=(Fact(name="energy", value=None, reason="no RAPL"),)))
    assert "What this machine can't measure\n  - energy: no RAPL" in text


def test_hostile_text_stays_on_its_line() -> None:
    lines = _text(hostile_view()).splitlines()
    assert any("\\x1b[31m" in line for line in lines)
    assert not [line for line in lines if line.startswith("=1+1")]
