from __future__ import annotations

import pytest

from assay.analyze.match import Places, as_evidence, not_evaluated, rounded, trials
from assay.analyze.rules.load import read_rules
from assay.analyze.rules.rule import Rule
from tests.analyze.makers import Piece, frame, make_evidence
from tests.analyze.rules.makers import make_rule

EVIDENCE = make_evidence([Piece(ms=900, stack=(frame("a", 2),)), Piece(ms=300, stack=(frame("b", 3),))])


def rule(**changes: str) -> Rule:
    [found], problems = read_rules(make_rule(**changes), "my.yaml")
    assert problems == []
    return found


def test_a_rule_holds_where_all_its_conditions_do() -> None:
    found = trials(rule(when="[share(cpu) > 0.5, part(cpu) > 0.5]"), Places(EVIDENCE))
    assert [(trial.place.location.function, trial.held, trial.closeness) for trial in found] == [
        ("a", True, 2),
        ("b", False, 1),
    ]
    assert found[0].confidence == pytest.approx(0.75, abs=0.02)
    assert found[1].confidence == 0.0


def test_a_confidence_stays_between_zero_and_one() -> None:
    assert trials(rule(confidence="share(cpu) * 9"), Places(EVIDENCE))[0].confidence == 1.0
    assert trials(rule(confidence="-1"), Places(EVIDENCE))[0].confidence == 0.0


def test_every_condition_keeps_its_number_even_where_it_failed() -> None:
    trial = trials(rule(when="[share(cpu) > 0.5, seconds(cpu) < 0.1]"), Places(EVIDENCE))[0]
    shown = [as_evidence(condition) for condition in trial.conditions]
    assert [(one.held, one.threshold, one.unit, one.source) for one in shown] == [
        (True, 0.5, "1", "stacks"),
        (False, 0.1, "s", "stacks"),
    ]
    assert shown[1].value == pytest.approx(0.9, abs=0.02)


def test_a_rule_names_the_evidence_that_it_lacks() -> None:
    gap = not_evaluated(rule(when='[leaf("x") > 0.1]'), EVIDENCE)
    assert gap is not None
    assert gap.missing == ("native",)
    assert "perf" in gap.reason
    assert not_evaluated(rule(), EVIDENCE) is None


def test_a_value_that_is_missing_at_a_place_does_not_hold() -> None:
    assert not any(trial.held for trial in trials(rule(when='[leaf("x") > -1]', needs="[stacks]"), Places(EVIDENCE)))


def test_values_are_kept_to_a_few_digits() -> None:
    assert rounded(0.123456) == 0.1235
    assert rounded(123456.0) == 123500.0
