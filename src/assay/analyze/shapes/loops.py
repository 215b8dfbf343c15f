"""Loops that wait for something, and loops that look for something."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_IDLE = (ast.Pass, ast.Continue, ast.Break, ast.Return)


def ends_by_itself(node: ast.AST) -> bool:
    """Whether a loop goes on until something has happened: `while`, or `for` that is left early."""
    if isinstance(node, ast.While):
        return True
    return isinstance(node, ast.For) and any(isinstance(one, ast.Break | ast.Return) for one in _within(node.body))


def only_asks(node: ast.AST) -> bool:
    """Whether a `while` loop has nothing in it but questions: no assignment and no call for its effect."""
    return isinstance(node, ast.While) and all(_idle(one) for one in node.body)


def _idle(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.If):
        return all(_idle(one) for one in (*statement.body, *statement.orelse))
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, _IDLE)


def searches(node: ast.AST, outside: frozenset[str]) -> bool:
    """Whether a loop does nothing but compare its element with a value of the loop around it for equality."""
    if not isinstance(node, ast.For) or len(node.body) != 1 or not isinstance(node.body[0], ast.If):
        return False
    test, mine = node.body[0], names_of(node.target)
    return not test.orelse and any(_equates(one, mine, outside) for one in ast.walk(test.test))


def looks_up(node: ast.AST) -> bool:
    """Whether it goes through elements until one equals what is asked for: a `for` that then ends, next() or any()."""
    if isinstance(node, ast.For):
        body = node.body[0] if len(node.body) == 1 else None
        ends = isinstance(body, ast.If) and isinstance(body.body[-1], ast.Return | ast.Break)
        return isinstance(body, ast.If) and ends and _asks_for(body.test, names_of(node.target))
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in ("next", "any"):
        return False
    given = node.args[0] if node.args else None
    if not isinstance(given, ast.GeneratorExp) or len(given.generators) != 1:
        return False
    tests = given.generators[0].ifs if node.func.id == "next" else [given.elt]
    return any(_asks_for(test, names_of(given.generators[0].target)) for test in tests)


def _asks_for(test: ast.expr, mine: frozenset[str]) -> bool:
    """Whether a test compares an element with something that does not depend on it."""
    compared = [one for one in ast.walk(test) if isinstance(one, ast.Compare) and isinstance(one.ops[0], ast.Eq)]
    sides = [(_root(one.left), _root(one.comparators[0])) for one in compared if len(one.ops) == 1]
    return any(left and right and (left in mine) is not (right in mine) for left, right in sides)


def _equates(node: ast.AST, mine: frozenset[str], outside: frozenset[str]) -> bool:
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq) or len(node.ops) != 1:
        return False
    left, right = _root(node.left), _root(node.comparators[0])
    return (left in mine and right in outside) or (left in outside and right in mine)


def _root(node: ast.expr) -> str:
    """The name before any attribute; empty where an index or a call comes between."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def names_of(target: ast.expr) -> frozenset[str]:
    """Names that a loop gives a value to."""
    return frozenset(one.id for one in ast.walk(target) if isinstance(one, ast.Name))


def _within(statements: list[ast.stmt]) -> Iterator[ast.AST]:
    """Nodes below these statements, inner functions left out."""
    waiting: list[ast.AST] = [*statements]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
