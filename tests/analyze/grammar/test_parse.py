from __future__ import annotations

import random

import pytest

from assay.analyze.grammar import GrammarError, parse, written


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("share(cpu)>.3", "share(cpu) > .3"),
        ("a and b or c", "a and b or c"),
        ("a and (b or c)", "a and (b or c)"),
        ("not a > 1 and b", "not (a > 1) and b"),
        ("not (a and b)", "not (a and b)"),
        ("1 - (2 - 3)", "1 - (2 - 3)"),
        ("(1 - 2) - 3", "1 - 2 - 3"),
        ("a*(b+c)/d", "a * (b + c) / d"),
        ("a else 0 > .2", "a else 0 > .2"),
        ("(a else b + 1) * 2", "(a else b + 1) * 2"),
        ("-a < -2e3", "-a < -2e3"),
        ("leaf('list_.*') > 0.1", 'leaf("list_.*") > 0.1'),
        (r'leaf("a\.b\"c")', r'leaf("a\\.b\"c")'),
    ],
)
def test_an_expression_is_read_with_the_usual_precedence(text: str, spelling: str) -> None:
    assert written(parse(text)) == spelling


def test_the_fixed_spelling_reads_as_the_same_expression() -> None:
    for text in ("not a > 1 and b", "a*(b+c)/d", "-(a - b) * c", "not not a", r'f("a\.b") == 1 or not (c and d)'):
        spelling = written(parse(text))
        assert written(parse(spelling)) == spelling


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 0, "expected a value"),
        ("share(cpu", 9, "a comma or a closing bracket"),
        ("share cpu", 6, "an operator"),
        ("1 < 2 < 3", 6, "two values at a time"),
        ("a > ", 4, "expression ends"),
        ("a ; b", 2, "no part of the language"),
        ('leaf("x', 5, "not closed"),
        ("a and", 5, "expected a value"),
        ("and", 0, "expected a value"),
        (")", 0, "expected a value"),
        ("f(,)", 2, "expected a value"),
        ("f(1,)", 4, "expected a value"),
        ("__import__('os').system", 16, "no part of the language"),
        ("(" * 50 + "1" + ")" * 50, 40, "brackets within brackets"),
        ("not " * 50 + "a", 160, "brackets within brackets"),
        ("-" * 50 + "1", 40, "brackets within brackets"),
        ("1" * 3000, 2000, "longer than"),
    ],
)
def test_what_is_wrong_is_said_with_its_column(text: str, column: int, words: str) -> None:
    with pytest.raises(GrammarError, match=words) as caught:
        parse(text)
    assert caught.value.column == column


def test_no_text_makes_the_reader_fail_otherwise() -> None:
    chooser = random.Random(5)
    pieces = ["a", "1", "(", ")", "and", "or", "not", "<", "-", "*", ",", '"x"', "f(", " ", "'", "\\", "é", "\n"]
    for _ in range(3000):
        text = "".join(chooser.choice(pieces) for _ in range(chooser.randrange(12)))
        try:
            assert written(parse(written(parse(text)))) == written(parse(text))
        except GrammarError as error:
            assert 0 <= error.column <= len(text)  # noqa: PT017 - most of these texts are errors
