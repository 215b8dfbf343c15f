from __future__ import annotations

import pytest

from assay.cli.terminal.style import paint
from assay.cli.views.facts import fact_lines, facts_of, value_text
from assay.record.plan import Option, Outcome
from assay.record.plan import Software as MakerSoftware
from tests.makers import make_environment, make_plan, make_software


def test_every_fact_has_a_dotted_name() -> None:
    facts = dict(facts_of(make_plan()))
    assert facts["target.name"] == "tiny"
    assert facts["repetitions"].isdigit()


def test_a_null_that_is_explained_says_why() -> None:
    environment = make_environment()
    reasons = {gap.field: gap.reason for gap in environment.absent}
    facts = dict(facts_of(environment))
    for pointer, reason in reasons.items():
        assert facts[pointer.removeprefix("/").replace("/", ".")] == f"not known: {reason}"
    assert not any(name.startswith("absent") for name in facts)


def test_a_null_that_is_an_answer_is_none() -> None:
    assert dict(facts_of(Outcome(exit_code=0)))["signal"] == "none"


def test_named_values_stand_under_their_names() -> None:
    assert ("options.threads", "2") in list(facts_of({"options": [{"name": "threads", "value": 2}]}))
    option = Option(name="threads", value=2)
    assert "threads" in dict(facts_of(option)).values()


def test_names_are_aligned() -> None:
    software: MakerSoftware = make_software()
    lines = [paint(line, color=False) for line in fact_lines(software)]
    assert len({line.index(value) for line, (_, value) in zip(lines, facts_of(software), strict=True)}) == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "none"),
        (True, "yes"),
        ("a", "a"),
        (1.5, "1.5"),
        (0.1 + 0.2, "0.3"),
        (13742080.0, "13742080"),
        ({"a": [1]}, '{"a":[1]}'),
        (["a", 1], "a, 1"),
    ],
)
def test_one_value_is_one_line(value: object, text: str) -> None:
    assert value_text(value) == text
