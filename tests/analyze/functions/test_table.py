from __future__ import annotations

import inspect

import pytest

from assay.analyze.evidence.gather import KINDS
from assay.analyze.functions.table import FUNCTIONS, PlaceValues, vocabulary
from assay.analyze.grammar import Kind
from assay.analyze.grammar.evaluate import Argument
from assay.analyze.places import places_of
from assay.record.diagnosis.findings import Scope
from tests.analyze.makers import Piece, make_evidence


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_is_documented_and_takes_what_it_declares(name: str) -> None:
    function = FUNCTIONS[name]
    assert function.signature.meaning.endswith(".")
    assert function.signature.needs <= set(KINDS)
    assert function.signature.returns in (Kind.NUMBER, Kind.TRUTH)
    assert len(inspect.signature(function.compute).parameters) == 1 + len(function.signature.parameters)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_without_its_evidence_says_nothing(name: str) -> None:
    evidence = make_evidence([Piece(ms=10)])
    evidence.tables = {}
    [place] = places_of(evidence, Scope.RUN)
    arguments: dict[Kind, Argument] = {
        Kind.CLOCK: "cpu",
        Kind.METRIC: "rss_bytes",
        Kind.REGEX: "x",
        Kind.WORD: "loop",
        Kind.NUMBER: 1.0,
    }
    given = tuple(arguments[kind] for kind in FUNCTIONS[name].signature.parameters)
    found = PlaceValues(place, {}).call(name, given)
    if FUNCTIONS[name].signature.needs - {"processes"}:
        assert found is None


def test_the_vocabulary_knows_the_values_of_the_rule() -> None:
    assert vocabulary({"hot": Kind.NUMBER}).values == {"hot": Kind.NUMBER}
