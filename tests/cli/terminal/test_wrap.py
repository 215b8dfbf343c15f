from __future__ import annotations

from assay.cli.terminal.wrap import wrapped


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
