"""A test that could not fail is a defect: each one asserts something that is not true by itself."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.source.tree import Violation, dotted, parse, python_files, run_check

ASSERTING_CALLS = {"pytest.raises", "pytest.warns", "pytest.fail", "pytest.deprecated_call", "raises", "warns"}
ASSERTING_PREFIXES = ("assert_", "check_", "expect_")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def violations(root: Path) -> Iterator[Violation]:
    """Tests without an assertion, assertions that hold whatever happens, and skips without a reason."""
    for path in python_files(root, "tests"):
        tree = parse(path)
        file = path.relative_to(root)
        for line, what, remedy in (*_silent_tests(tree), *_idle_assertions(tree), *_unexplained_skips(tree)):
            yield Violation(file=file, line=line, what=what, remedy=remedy)


def _silent_tests(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, Function)}
    for name, function in functions.items():
        if name.startswith("test_") and not _asserts(function, functions, seen={name}):
            yield function.lineno, f"{name} asserts nothing", "assert what a user relies on"


def _asserts(function: Function, functions: dict[str, Function], seen: set[str]) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call) and _is_assertion(dotted(node.func), functions, seen):
            return True
    return False


def _is_assertion(name: str, functions: dict[str, Function], seen: set[str]) -> bool:
    last = name.rpartition(".")[2]
    if name in ASSERTING_CALLS or last.lstrip("_").startswith(ASSERTING_PREFIXES):
        return True
    if last in functions and last not in seen:
        return _asserts(functions[last], functions, seen | {last})
    return False


def _idle_assertions(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and _always_true(node.test):
            yield node.lineno, "this assertion holds whatever happens", "compare with what the code gave"


def _always_true(test: ast.expr) -> bool:
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.Tuple | ast.List):
        return bool(test.elts)
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return any(_always_true(value) for value in test.values)
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq | ast.Is):
        return isinstance(test.left, ast.Name) and ast.dump(test.left) == ast.dump(test.comparators[0])
    return False


def _unexplained_skips(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(tree):
        names = [dotted(mark) for mark in getattr(node, "decorator_list", [])]
        bare_call = isinstance(node, ast.Call) and not node.args and not any(k.arg == "reason" for k in node.keywords)
        if isinstance(node, ast.Call) and bare_call:
            names.append(dotted(node.func))
        if {"pytest.mark.skip", "pytest.mark.xfail", "pytest.skip"} & set(names):
            yield getattr(node, "lineno", 1), "a skip without a reason", "say why and what would make it run"


def main() -> int:
    """Check the tree; exit status 1 where a test could not fail."""
    return run_check(violations)


if __name__ == "__main__":
    sys.exit(main())
