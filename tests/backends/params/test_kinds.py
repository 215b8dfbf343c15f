from __future__ import annotations

from typing import Any

import pytest

from assay.backends.params.kinds import parse_kind


@pytest.mark.parametrize(
    ("text", "taken", "refused"),
    [
        ("bool", [True, False], [1, 0, None, "true"]),
        ("int", [0, -3], [True, 1.0, "1", None]),
        ("int >= 1 <= 8", [1, 8], [0, 9, True]),
        ("float > 0 < 1", [0.5], [0, 1, 1.0, True]),
        ("int >= -1 or null", [-1, 4, None], [-2, False]),
        ("text or list of text", ["a", ["a", "b"], []], [["a", 1], 3]),
        ("one of auto, fp8 or int > 0", ["auto", 3], ["fp4", 0]),
        ("one of 0, 1", [0, 1, "1"], [2, True]),
        ("mapping", [{}], [[], "a"]),
        ("object", [{}, [], None], [1, "a", True]),
        ("list of int > 0", [[1, 2]], [[0], "12"]),
    ],
)
def test_a_kind_takes_what_it_says_and_nothing_else(text: str, taken: list[Any], refused: list[Any]) -> None:
    kind = parse_kind(text)
    assert [value for value in taken if not kind.takes(value)] == []
    assert [value for value in refused if kind.takes(value)] == []


@pytest.mark.parametrize(
    "text", ["number", "one of ", "one of a, a", "text >= 1", "int >= one", "int or", "int between"]
)
def test_what_is_no_kind_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"is none of|lists nothing|is no limit"):
        parse_kind(text)
