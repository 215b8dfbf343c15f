"""Text that is safe for a record."""

from __future__ import annotations

import pytest

from assay.observe.environment.text import clean, clip, one_line


@pytest.mark.parametrize("text", ["a\0b", "\x1b[31mred", "\udc80", "bell\a", "\r"])
def test_clean_text_can_be_written_and_controls_no_terminal(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.encode("utf-8")
    assert not any(character < " " for character in cleaned)


def test_lines_and_tabs_survive_cleaning_but_not_one_line() -> None:
    assert clean("a\n\tb") == "a\n\tb"
    assert one_line(" a\n\t b\u2028c\x85d ") == "a b c d"


def test_a_cut_shows_and_keeps_the_bound() -> None:
    assert clip("abc", 3) == "abc"
    assert clip("abcd", 3) == "ab…"
