from __future__ import annotations

from typing import Any

import pytest

from assay.backends.params.conditions import parse_condition


@pytest.mark.parametrize(
    ("text", "values", "holds"),
    [
        ("> 1", {"a": 2}, True),
        ("> 1", {"a": 1}, False),
        ("> 1", {}, False),
        ("> 1", {"a": True}, False),
        ("> $b", {"a": 3, "b": 2}, True),
        ("> $b", {"a": 3}, False),
        ("not multiple of $b", {"a": 5, "b": 2}, True),
        ("not multiple of $b", {"a": 5, "b": 0}, False),
        ("multiple of 4", {"a": 8}, True),
        ("= nf4", {"a": "nf4"}, True),
        ("= 1", {"a": True}, False),
        ("= 1.0", {"a": 1}, True),
        ("!= 1.0", {}, False),
        ("!= 1.0", {"a": 0.5}, True),
        ("in true, never", {"a": True}, True),
        ("in true, never", {"a": "never"}, True),
        ("in true, never", {"a": 1}, False),
        ("not in eager, inductor", {"a": "aot"}, True),
        ("not in eager, inductor", {}, False),
        ("set", {"a": 0}, True),
        ("unset", {"b": 0}, True),
        ("on", {"a": "1"}, True),
        ("not on", {}, True),
        ("off", {"a": False}, True),
        ("off", {}, False),
        ("empty", {"a": []}, True),
        ("filled", {"a": [1]}, True),
        ("filled", {"a": None}, False),
    ],
)
def test_a_condition_holds_where_it_says(text: str, values: dict[str, Any], holds: bool) -> None:
    assert parse_condition(text).holds(values, "a") is holds


def test_a_condition_names_the_other_parameter_it_speaks_of() -> None:
    assert parse_condition("> $max_tokens").refers_to == "max_tokens"
    assert parse_condition("> 3").refers_to is None


@pytest.mark.parametrize("text", ["", "~ 3", "larger than 3", ">3"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no condition"):
        parse_condition(text)
