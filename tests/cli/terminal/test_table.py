from __future__ import annotations

import pytest

from assay.cli.terminal.style import Styled, paint
from assay.cli.terminal.table import Column, fitted, table_lines
from assay.cli.terminal.width import text_width

COLUMNS = (
    Column(heading="ID", least=4, mark=""),
    Column(heading="NAME", least=6),
    Column(heading="WALL", right=True, least=6),
)
ROWS = [("01JCZX5T00AB", "a rather long name of a target", "1.5 s"), ("01JCZX5T00CD", "漢字", "12.25 s")]


def drawn(width: int | None, rows: list[tuple[str, str, str]] | None = None) -> list[str]:
    return [paint(line, color=False) for line in table_lines(COLUMNS, ROWS if rows is None else rows, width)]


def test_without_a_width_nothing_is_cut() -> None:
    assert drawn(None) == [
        "ID            NAME                               WALL",
        "01JCZX5T00AB  a rather long name of a target    1.5 s",
        "01JCZX5T00CD  漢字                            12.25 s",
    ]


@pytest.mark.parametrize("width", [24, 30, 40, 52])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(text_width(line) for line in drawn(width)) <= width


def test_the_widest_column_is_cut_first_and_says_so() -> None:
    assert drawn(40)[1] == "01JCZX5T00AB  a rather long na…    1.5 s"


def test_an_id_is_cut_without_a_mark_so_that_it_still_names_the_run() -> None:
    assert drawn(20)[1].startswith("01JC  ")


def test_a_terminal_that_is_too_narrow_gets_the_least_widths() -> None:
    assert fitted([12, 30], [4, 6], room=3) == [4, 6]


def test_what_is_cut_adds_up_to_the_room() -> None:
    assert 57 <= sum(fitted([50, 40, 10, 45], [1, 1, 1, 1], room=60)) <= 60
    assert fitted([50, 40, 10, 45], [1, 1, 1, 1], room=60)[2] == 10


def test_columns_that_are_equally_wide_shrink_alike() -> None:
    assert fitted([20, 90, 91], [4, 12, 12], room=100) == [20, 40, 40]


def test_lines_end_without_blanks() -> None:
    rows = [("a", "", "")]
    assert [line.rstrip() for line in drawn(None, rows)] == drawn(None, rows)


def test_a_hostile_cell_takes_the_width_of_its_escape() -> None:
    lines = drawn(None, [("a", "x\x1b[2Jy", "1 s"), ("b", "z", "2 s")])
    assert lines[1] == "a   x\\x1b[2Jy   1 s"
    assert len(lines[1]) == len(lines[2])


def test_styles_don_t_change_widths() -> None:
    plain, styled = (
        table_lines(COLUMNS, [(cell, "b", "c")], None) for cell in ("complete", Styled("complete", "green"))
    )
    assert [paint(line, color=False) for line in plain] == [paint(line, color=False) for line in styled]


def test_a_column_that_folds_goes_on_below_and_is_not_cut() -> None:
    columns = (Column(heading="ID"), Column(heading="MEANING", least=10, folds=True))
    lines = table_lines(columns, [("a", "one sentence of words"), ("b", "x")], 20)
    assert [paint(line, color=False) for line in lines] == [
        "ID  MEANING",
        "a   one sentence of",
        "    words",
        "b   x",
    ]
