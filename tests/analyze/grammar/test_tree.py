from __future__ import annotations

import pytest

from assay.analyze.grammar import parse
from assay.analyze.grammar.tree import is_constant, parts_of, written


@pytest.mark.parametrize(("text", "constant"), [("1 + 2 * -3", True), ("calls()", False), ("1 + hot", False)])
def test_only_numbers_are_the_same_for_all_data(text: str, constant: bool) -> None:
    assert is_constant(parse(text)) is constant


def test_parts_are_the_direct_ones() -> None:
    assert [written(part) for part in parts_of(parse("a + b * c"))] == ["a", "b * c"]
    assert [written(part) for part in parts_of(parse("f(a, 1)"))] == ["a", "1"]
    assert parts_of(parse("a")) == ()
