from __future__ import annotations

import pytest

from assay.cli.terminal.style import Styled, paint, wants_color


@pytest.mark.parametrize(
    ("choice", "variables", "on_terminal", "wanted"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_the_setting_decides_before_the_variables_and_they_before_the_terminal(
    choice: str, variables: dict[str, str], on_terminal: bool, wanted: bool
) -> None:
    assert wants_color(choice, variables, on_terminal=on_terminal) is wanted


def test_color_surrounds_text_that_is_escaped_first() -> None:
    assert paint(("a ", Styled("b\x1b[0m", "red")), color=True) == "a \x1b[31mb\\x1b[0m\x1b[0m"


def test_without_color_the_words_are_the_same() -> None:
    assert paint(("a ", Styled("b", "red")), color=False) == "a b"


def test_an_empty_text_is_not_painted() -> None:
    assert paint(Styled("", "red"), color=True) == ""
