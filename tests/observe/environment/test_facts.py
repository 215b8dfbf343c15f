"""Values and reasons."""

from __future__ import annotations

from assay.observe.environment.facts import Unknown, first, known, spread


def test_the_first_known_value_wins() -> None:
    assert first([Unknown("a"), 0, 5]) == 0


def test_if_nothing_is_known_all_reasons_are_told_once() -> None:
    assert first([Unknown("a"), Unknown("b"), Unknown("a")]) == Unknown("a; b")
    assert first([]) == Unknown("nothing states it")


def test_an_unknown_value_is_none_and_a_false_one_is_itself() -> None:
    assert known(Unknown("why")) is None
    assert known(False) is False


def test_one_reason_serves_several_fields() -> None:
    assert spread(("a", "b"), Unknown("why")) == {"a": Unknown("why"), "b": Unknown("why")}
