from __future__ import annotations

import pytest

from assay.analyze.functions.table import PlaceValues
from assay.analyze.grammar import evaluate, parse
from assay.analyze.grammar.evaluate import Value
from assay.analyze.places import Place, places_of
from assay.record.diagnosis.findings import Scope
from tests.analyze.makers import Piece, frame, make_evidence

MAIN = frame("main", 1)
WORK, REST = (MAIN, frame("work", 2)), (MAIN, frame("rest", 3))
TWO = make_evidence([Piece(ms=600, stack=WORK), Piece(ms=400, stack=REST, wait="sleep")])


def place(function: str, scope: Scope = Scope.LINE, evidence: object = TWO) -> Place:
    [found] = [one for one in places_of(evidence, scope) if one.location.function == function]  # type: ignore[arg-type]
    return found


def value(expression: str, at: Place) -> Value:
    return evaluate(parse(expression), PlaceValues(at, {}))


def test_time_of_a_place_is_split_by_clock() -> None:
    work, rest = place("work"), place("rest")
    assert value("share(cpu)", work) == pytest.approx(1.0, abs=0.05)
    assert value("share(sleep)", rest) == pytest.approx(1.0, abs=0.05)
    assert value("part(sleep)", rest) == pytest.approx(1.0, abs=0.05)
    assert value("seconds(cpu)", work) == pytest.approx(0.6, abs=0.03)
    assert value("samples()", work) == 60
    assert value("wall_s()", work) == pytest.approx(1.0)
    assert value("wall(sleep)", work) == pytest.approx(0.4, abs=0.02)


def test_threads_at_one_place_are_counted_at_the_same_moment() -> None:
    same = [Piece(ms=1000, stack=WORK, wait="lock")]
    evidence = make_evidence(same, same, same)
    at = place("work", evidence=evidence)
    assert value("threads_in(lock)", at) == pytest.approx(3.0, abs=0.2)
    assert value("threads_waiting(lock)", at) == pytest.approx(3.0, abs=0.1)
    assert value("active_threads()", at) == pytest.approx(0.0, abs=0.1)


def test_visits_and_their_length_are_told() -> None:
    turns = [piece for _ in range(10) for piece in (Piece(ms=50, stack=WORK), Piece(ms=50, stack=REST))]
    at = place("work", evidence=make_evidence(turns))
    assert value("visits()", at) == 10
    assert value("stay_s()", at) == pytest.approx(0.05, abs=0.01)


def test_growth_of_a_place_is_told_over_the_run() -> None:
    turns = [piece for n in range(1, 41) for piece in (Piece(ms=n, stack=WORK), Piece(ms=40 - n // 2, stack=REST))]
    at = place("work", evidence=make_evidence(turns, sample_ms=5))
    growth, ratio = value("growth()", at), value("growth_ratio()", at)
    assert growth is not None
    assert growth > 0.9
    assert ratio is not None
    assert ratio > 2
