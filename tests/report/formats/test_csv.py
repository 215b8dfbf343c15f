from __future__ import annotations

import csv
import io

from assay.report import render
from assay.report.formats.csv import COLUMNS
from tests.report.views import compared_view, hostile_view


def test_each_row_is_one_metric_of_one_side_in_full_precision() -> None:
    rows = list(csv.DictReader(io.StringIO(render(compared_view(), "csv"))))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["side"], row["metric"]) for row in rows[:2]] == [("A", "wall_s"), ("B", "wall_s")]
    assert (rows[0]["unit"], float(rows[0]["median"]), rows[0]["origin"]) == ("s", 2.025, "measured")


def test_no_cell_of_text_begins_like_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(render(hostile_view(), "csv"))))
    assert all(len(row) == len(COLUMNS) for row in rows)
    texts = [cell for row in rows[1:] for cell in (*row[:6], *row[10:])]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@"))]
    assert {row[0] for row in rows[1:]} >= {"'=cmd"}
