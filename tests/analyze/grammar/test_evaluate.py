from __future__ import annotations

import pytest

from assay.analyze.grammar import evaluate, judge, parse
from assay.analyze.grammar.evaluate import Value
from tests.analyze.grammar.makers import Data

DATA = Data({"share(cpu)": 0.4, "calls()": 10.0, "source(loop)": True, "hot": 2.0, "mean(rss_bytes)": 0.0})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("share(cpu) * 10 - 1", 3.0),
        ("-share(cpu) < 0", True),
        ("calls() / hot == 5", True),
        ("not source(loop)", False),
        ("1 / mean(rss_bytes)", None),
        ("share(gil) > 1", None),
        ("share(gil) > 1 and share(cpu) > 1", False),
        ("share(gil) > 1 and share(cpu) > 0", None),
        ("share(gil) > 1 or share(cpu) > 0", True),
        ("share(gil) > 1 or share(cpu) > 1", None),
        ("not share(gil) > 1", None),
        ("share(gil) + 1", None),
        ("share(gil) else 0.5", 0.5),
        ("share(cpu) else 0.5", 0.4),
        ("share(gil) else 0 < 0.2", True),
    ],
)
def test_what_is_missing_is_neither_true_nor_false_nor_zero(text: str, value: Value) -> None:
    found = evaluate(parse(text), DATA)
    assert found is value if value is None or isinstance(value, bool) else found == pytest.approx(value)


def test_a_condition_keeps_the_number_and_its_threshold() -> None:
    condition = judge(parse("share(cpu) > 0.3"), DATA)
    assert (condition.text, condition.value, condition.threshold, condition.held) == (
        "share(cpu) > 0.3",
        0.4,
        0.3,
        True,
    )


def test_the_measured_side_may_stand_on_the_right() -> None:
    condition = judge(parse("2 * 3 <= calls()"), DATA)
    assert (condition.value, condition.threshold, condition.held) == (10.0, 6.0, True)


def test_a_condition_without_data_has_neither_value_nor_verdict() -> None:
    condition = judge(parse("share(gil) > 0.3"), DATA)
    assert (condition.value, condition.threshold, condition.held) == (None, 0.3, None)


def test_a_condition_that_is_no_comparison_is_its_own_value() -> None:
    condition = judge(parse("source(loop) and calls() > 3"), DATA)
    assert (condition.value, condition.threshold, condition.held) == (True, None, True)
