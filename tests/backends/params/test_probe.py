from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Optional

import pytest

from assay.backends.params.probe import choice, follow, kind_of, plain, popped, said_by


class _Colour(enum.Enum):
    RED = (1, 2)
    BLUE = "a.b"


class _Limit:
    def __init__(self, **limits: float) -> None:
        vars(self).update(limits)


@pytest.mark.parametrize(
    ("hint", "kind"),
    [
        (int, "int"),
        (Optional[bool], "bool or null"),  # noqa: UP045 -- as packages write it
        (list[str] | None, "list of text or null"),
        (set[int], "list of int"),
        (dict[str, int], "mapping"),
        (Mapping[str, int], "mapping"),
        (Literal["a", "b"], "one of a, b"),
        (Annotated[int, _Limit(ge=1, lt=9)], "int >= 1 < 9"),
        (Annotated[float, _Limit(gt=0)] | None, "float > 0 or null"),
        (_Colour, "one of RED, BLUE"),
        (int | str, "int or text"),
        (Any, None),
        (None, None),
        ("int", None),
        (object, None),
    ],
)
def test_a_type_is_said_in_the_words_of_the_catalogue(hint: Any, kind: str | None) -> None:
    assert kind_of(hint) == kind


def test_a_choice_of_too_many_is_any_text() -> None:
    assert choice(range(65)) == "text"
    assert choice(range(2)) == "one of 0, 1"


@pytest.mark.parametrize(
    ("value", "shown"), [(True, True), (_Colour.BLUE, "a.b"), (float("inf"), None), ([], None), (0.5, 0.5)]
)
def test_a_default_is_kept_where_json_can_hold_it(value: Any, shown: Any) -> None:
    assert plain(value) == shown


def test_steps_call_methods_with_and_without_arguments() -> None:
    made: list[int] = []
    follow(made, [{"append": [3]}, {"extend": [[1, 2]]}, "sort"])
    assert made == [1, 2, 3]


def test_warnings_of_the_language_and_of_loggers_are_heard() -> None:
    import logging
    import warnings

    with said_by(["of.a.package"]) as said:
        warnings.warn("first", stacklevel=1)
        logging.getLogger("of.a.package").warning("second")
    assert sorted(set(said)) == ["first", "second"]


def _taking(path: str, **kwargs: Any) -> tuple[str, Any, Any]:
    return path, kwargs.pop("device", "cpu"), kwargs.get("depth", 3)


def test_names_are_read_out_of_a_function_that_takes_any() -> None:
    rows = popped({"object": f"{__name__}:_taking"})
    assert [(row["name"], row["default"]) for row in rows] == [("path", None), ("device", "cpu"), ("depth", 3)]
