from __future__ import annotations

from assay.report.causes.rows import cause_rows
from assay.report.formats.csv import COLUMNS
from tests.report.views import compared_view, diagnosed_view


def test_every_clock_and_cause_is_a_row_of_the_table() -> None:
    rows = {row[2]: dict(zip(COLUMNS, row, strict=True)) for row in cause_rows(diagnosed_view())}
    assert list(rows) == ["clock.cpu", "clock.sleep", "cause.list_as_set", "note.a_note", "doubt.a_doubt"]
    assert (rows["clock.cpu"]["median"], rows["clock.cpu"]["unit"]) == (1.5, "s")
    assert (rows["cause.list_as_set"]["low"], rows["cause.list_as_set"]["high"]) == (0.4, 0.6)
    assert rows["note.a_note"]["median"] is None


def test_a_report_without_a_diagnosis_has_no_such_rows() -> None:
    assert list(cause_rows(compared_view())) == []
