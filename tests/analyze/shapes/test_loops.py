from __future__ import annotations

import ast

from assay.analyze.shapes.loops import ends_by_itself, looks_up, names_of, only_asks, searches


def loop(text: str) -> ast.stmt:
    return ast.parse(text).body[0]


def test_loops_end_by_themselves_where_something_leaves_them() -> None:
    assert ends_by_itself(loop("while a:\n    b()\n"))
    assert ends_by_itself(loop("for a in b:\n    if c:\n        break\n"))
    assert not ends_by_itself(loop("for a in b:\n    c(a)\n"))
    assert not ends_by_itself(loop("for a in b:\n    def c():\n        return a\n"))


def test_a_loop_with_an_effect_does_more_than_ask() -> None:
    assert only_asks(loop("while not a.is_set():\n    pass\n"))
    assert not only_asks(loop("while a:\n    a = b\n"))
    assert not only_asks(loop("for a in b:\n    pass\n"))


def test_a_search_compares_by_equality_and_no_index() -> None:
    assert searches(loop("for a in b:\n    if a == c:\n        d()\n"), frozenset({"c"}))
    assert not searches(loop("for a in b:\n    if a == c[0]:\n        d()\n"), frozenset({"c"}))
    assert not searches(loop("for a in b:\n    if a == e:\n        d()\n"), frozenset({"c"}))


def test_a_target_may_be_several_names() -> None:
    (target,) = [one.target for one in ast.walk(ast.parse("for a, (b, c) in d: pass")) if isinstance(one, ast.For)]
    assert names_of(target) == {"a", "b", "c"}


def test_looking_something_up_ends_with_the_first_that_is_equal() -> None:
    assert looks_up(loop("for a in b:\n    if a == c:\n        break\n"))
    assert not looks_up(loop("for a in b:\n    if a == c:\n        d(a)\n"))
    assert not looks_up(loop("for a in b:\n    if a > c:\n        break\n"))
