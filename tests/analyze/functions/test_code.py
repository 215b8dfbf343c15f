from __future__ import annotations

import msgspec
import pytest

from assay.record.diagnosis.findings import Scope
from tests.analyze.functions.test_time import place, value
from tests.analyze.makers import FILE, LIBRARY, Piece, frame, make_evidence, table

MAIN = frame("main", 1)
JSON = (f"{LIBRARY}/json/encoder.py", "JSONEncoder.encode", 200)


def test_callees_callers_and_native_functions_have_shares() -> None:
    pieces = [
        Piece(ms=300, stack=(MAIN, frame("save", 9), JSON), symbol="c_make_encoder"),
        Piece(ms=100, stack=(MAIN, frame("save", 9)), symbol="memmove"),
        Piece(ms=400, stack=(MAIN, frame("load", 12)), symbol="memmove"),
    ]
    at = place("save", evidence=make_evidence(pieces))
    assert value('below("/json/")', at) == pytest.approx(0.75, abs=0.05)
    assert value('within(":main$")', at) == pytest.approx(1.0)
    assert value('leaf("memmove")', at) == pytest.approx(0.25, abs=0.05)
    assert value('library("libpython")', at) == pytest.approx(1.0)
    assert value("kernel()", at) == 0.0
    assert value('imported("/json/")', at) is True
    assert value('on_cpu_outside("/json/")', at) == pytest.approx(500 / 800, abs=0.03)


def test_the_source_of_a_function_is_that_of_its_hot_lines() -> None:
    source = "def main():\n    for x in y:\n        f(sorted(x))\n    g()\n"
    pieces = [Piece(ms=500, stack=(frame("main", 3),)), Piece(ms=20, stack=(frame("main", 4),))]
    evidence = make_evidence(pieces, sources={FILE: source})
    assert value("source(sort)", place("main", Scope.FUNCTION, evidence)) is True
    assert value("source(membership)", place("main", Scope.FUNCTION, evidence)) is False
    assert value("source(sort)", place("main", Scope.FUNCTION, make_evidence(pieces))) is None


def test_calls_come_from_the_counting_pass() -> None:
    rows = [
        {"file": FILE, "line": 1, "function": "fib", "calls": 900, "primitive_calls": 3},
        {"file": "~", "line": 0, "function": "<built-in method sleep>", "calls": 900, "primitive_calls": 900}
        | {"caller_file": FILE, "caller_line": 1, "caller": "fib"},
    ]
    evidence = make_evidence([Piece(ms=500, stack=(frame("Solver.fib", 2),))])
    evidence = msgspec.structs.replace(evidence, tables={**evidence.tables, "functions": table("functions", rows)})
    at = place("Solver.fib", Scope.FUNCTION, evidence)
    assert value("calls()", at) == 900
    assert value("calls_per_entry()", at) == 300
    assert value('calls_of("sleep")', at) == 900
    assert value('calls_of("open")', at) == 0


def test_a_place_with_few_native_samples_says_nothing_about_them() -> None:
    at = place("main", evidence=make_evidence([Piece(ms=30, stack=(MAIN,), symbol="a")]))
    assert value('leaf("a")', at) is None


def test_code_in_a_loop_of_its_own_differs_from_code_that_a_loop_goes_through() -> None:
    pieces = [Piece(ms=500, stack=(frame("main", 4), frame("load", 2)))]
    text = "def load():\n    return [x.split() for x in open(p)]\n\n{}load()\n"
    once = place("load", evidence=make_evidence(pieces, sources={FILE: text.format("")}))
    often = place("load", evidence=make_evidence(pieces, sources={FILE: text.format("while more(): ")}))
    assert value("looped()", once) is True
    assert value("repeated(open_to_read)", once) is False
    assert value("repeated(open_to_read)", often) is True
    assert value("along(waiting_loop)", once) is False
    assert value("along(waiting_loop)", often) is True
    assert value("repeated(open_to_read)", place("load", evidence=make_evidence(pieces))) is None


def test_code_nearby_is_that_of_the_function() -> None:
    text = "def ask():\n    c = connect(x)\n    c.send(y)\n    return c.recv()\n\nask()\n"
    evidence = make_evidence([Piece(ms=500, stack=(frame("ask", 4),))], sources={FILE: text})
    assert value("nearby(connect)", place("ask", evidence=evidence)) is True
    assert value("source(connect)", place("ask", evidence=evidence)) is False
    assert value("nearby(connect)", place("ask", Scope.FUNCTION, evidence)) is True
    outside = make_evidence([Piece(ms=500, stack=(frame("<module>", 6),))], sources={FILE: text})
    assert value("nearby(connect)", place("<module>", evidence=outside)) is False
    assert value("anywhere(connect)", place("<module>", evidence=outside)) is True
    assert value("anywhere(gathers)", place("<module>", evidence=outside)) is False


def test_a_place_has_a_share_of_the_native_samples() -> None:
    pieces = [
        Piece(ms=300, stack=(frame("save", 9),), symbol="a"),
        Piece(ms=100, stack=(frame("load", 3),), symbol="b"),
    ]
    assert value("native_share()", place("save", evidence=make_evidence(pieces))) == pytest.approx(0.75, abs=0.05)
