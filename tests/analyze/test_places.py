from __future__ import annotations

from assay.analyze.places import places_of
from assay.record.diagnosis.findings import Scope
from tests.analyze.makers import MS, Piece, frame, make_evidence, table

MAIN = frame("main", 1)


def test_the_most_expensive_place_comes_first_and_trifles_are_left_out() -> None:
    pieces = [
        Piece(ms=2000, stack=(MAIN, frame("a", 2))),
        Piece(ms=3000, stack=(MAIN, frame("b", 3))),
        Piece(ms=10, stack=(MAIN, frame("c", 4))),
    ]
    found = places_of(make_evidence(pieces), Scope.LINE)
    assert [place.location.function for place in found] == ["b", "a"]


def test_lines_of_a_function_are_one_place_at_the_scope_of_functions() -> None:
    pieces = [Piece(ms=500, stack=(frame("a", 2),)), Piece(ms=500, stack=(frame("a", 3),))]
    [place] = places_of(make_evidence(pieces), Scope.FUNCTION)
    assert (place.location.function, place.location.line, len(place.rows)) == ("a", None, 100)


def test_a_program_without_python_has_its_native_functions_as_places() -> None:
    rows = [
        {"time_ns": number * MS, "pid": 7, "tid": 7, "symbol": "parse" if number % 4 else "strlen", "library": "a.out"}
        for number in range(200)
    ]
    evidence = make_evidence([Piece(ms=1000)])
    evidence.tables = {"native": table("native", rows), "threads": evidence.tables["threads"]}
    found = places_of(evidence, Scope.FUNCTION)
    assert [(place.location.native, len(place.native_rows)) for place in found] == [("parse", 150), ("strlen", 50)]


def test_the_run_is_a_place_that_holds_every_sample() -> None:
    [place] = places_of(make_evidence([Piece(ms=500, stack=(MAIN,))]), Scope.RUN)
    assert (place.location.scope, len(place.rows)) == (Scope.RUN, 50)
    assert place.present().all()
