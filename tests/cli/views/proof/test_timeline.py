from __future__ import annotations

from datetime import UTC, datetime

from assay.cli.terminal.style import paint
from assay.cli.views.proof.timeline import history_lines
from assay.record.documents.comparison import Cell
from assay.record.documents.history import History, HistoryChange, HistoryRun, HistorySeries
from tests.makers import RUN_ID


def test_the_sentence_comes_first_then_changes_then_the_numbers() -> None:
    change = HistoryChange(index=1, run=RUN_ID, before=1.0, after=2.0, change=1.0, p_value=0.001, worse=True)
    made = History(
        headline="It moved.",
        metric="wall_s",
        unit="s",
        better="lower",
        by="whole",
        runs=tuple(HistoryRun(id=RUN_ID, created=datetime(2024, 1, 1, tzinfo=UTC), revision="abc") for _ in range(2)),
        left_out=1,
        series=(
            HistorySeries(label="wall_s", cell=Cell(name="wall_s"), values=(1.0, 2.0), changes=(change,), flagged=True),
        ),
    )
    lines = [paint(line, color=False) for line in history_lines(made, 100)]
    assert lines[0] == "It moved."
    assert any("+100 %" in line and "worse" in line for line in lines)
    assert "▁█  wall_s, 1 s … 2 s" in lines
    assert lines[-1] == "2 runs by whole; 1 others ran under other conditions"
