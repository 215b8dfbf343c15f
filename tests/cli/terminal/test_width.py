from __future__ import annotations

import pytest

from assay.cli.terminal.width import cut, fold, text_width, wrapped


def test_lines_fit_and_are_indented() -> None:
    lines = wrapped("why  the processor shows no such counter, as in virtual machines", "    ", 30, hang=5)
    assert lines == [
        "    why  the processor shows",
        "         no such counter, as",
        "         in virtual machines",
    ]


def test_without_a_width_there_is_one_line() -> None:
    assert wrapped("a " * 100 + "b", "  ", None) == ["  " + "a " * 100 + "b"]


def test_a_word_that_is_too_long_stays_whole_so_that_it_can_be_copied() -> None:
    assert wrapped("see /a/very/long/path now", "", 10) == ["see", "/a/very/long/path", "now"]


def test_what_does_not_print_is_escaped() -> None:
    assert wrapped("a\nb", "", None) == ["a\\nb"]


def test_wide_letters_take_two_cells_and_marks_none() -> None:
    assert text_width("漢字") == 4
    assert text_width("e\u0301") == 1
    assert cut("漢字漢字", 5) == "漢字…"


@pytest.mark.parametrize("width", [3, 7, 11, 30])
@pytest.mark.parametrize("text", ["a few words and averyverylongword", "漢字漢字 漢字", "", "x"])
def test_folded_text_fits_and_loses_nothing(text: str, width: int) -> None:
    lines = fold(text, width)
    assert max(map(text_width, lines)) <= width
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_text_folds_between_words() -> None:
    assert fold("one two three", 8) == ["one two", "three"]
