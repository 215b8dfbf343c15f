from __future__ import annotations

from assay.record.diagnosis.findings import Clock, FindingEvidence, Gain, Location, NotEvaluated, Scope
from assay.record.diagnosis.words import CLOCK_WORDS, gain_text, place_text, unjudged_text, value_text


def test_every_clock_has_words() -> None:
    assert set(CLOCK_WORDS) == set(Clock)


def test_places_are_named_as_precisely_as_they_are_known() -> None:
    assert place_text(Location(scope=Scope.RUN)) == "the whole run"
    seen = Location(scope=Scope.RUN, file="/a.py", line=3, function="f")
    assert place_text(seen) == "the whole run, above all /a.py:3 in f()"
    assert place_text(Location(scope=Scope.PROCESS)) == "a process"
    assert place_text(Location(scope=Scope.LINE, file="a.py", line=3, function="f")) == "a.py:3 in f()"
    assert place_text(Location(scope=Scope.FUNCTION, file="a.so", function="g", native="g")) == "g() in a.so"


def test_a_gain_is_a_bound_with_its_interval() -> None:
    assert gain_text(Gain(share=0.5, low=0.4, high=0.6)) == "at most 50% of the wall time (40% to 60%)"


def test_a_condition_without_a_number_has_none_in_words() -> None:
    held = FindingEvidence(condition="looped()", value=True, source="sources", held=True)
    assert value_text(held) == ""
    timed = FindingEvidence(condition="gap() > 1 s", value=0.002, unit="s", source="stacks", held=False)
    assert value_text(timed) == "2.00 ms"


def test_rules_that_were_not_judged_are_counted_with_what_they_lack() -> None:
    gap = NotEvaluated(pattern="p", missing=("native",), reason="none")
    other = NotEvaluated(pattern="q", missing=("calls", "native"), reason="none")
    assert unjudged_text([gap]) == "1 pattern was not evaluated, for want of: native"
    assert unjudged_text([gap, other]) == "2 patterns were not evaluated, for want of: calls, native"
