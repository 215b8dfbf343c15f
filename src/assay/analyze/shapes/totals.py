"""Lists that grow for as long as an object or function lives, as far as the source shows it."""

from __future__ import annotations

import ast

_GROWS = ("append", "extend", "insert")
_SHRINKS = ("pop", "popleft", "clear", "remove")
_BEGINS = ("__init__", "__post_init__", "__new__", "setUp")


def grown(node: ast.AST) -> frozenset[str]:
    """Names that a function appends to and takes nothing from."""
    return _called_on(node, _GROWS) - _called_on(node, _SHRINKS) - _cut(node)


def grown_attributes(node: ast.ClassDef) -> frozenset[str]:
    """Attributes that methods of a class append to, and that none of them empties, cuts or begins anew."""
    found = {name for name in grown(node) if name.startswith("self.")}
    for method in node.body:
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
            found -= _bounded(method) if method.name in _BEGINS else _assigned(method)
    return frozenset(found)


def _called_on(node: ast.AST, methods: tuple[str, ...]) -> frozenset[str]:
    calls = [one.func for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)]
    return frozenset(ast.unparse(one.value) for one in calls if one.attr in methods)


def _cut(node: ast.AST) -> frozenset[str]:
    deleted = [target for one in ast.walk(node) if isinstance(one, ast.Delete) for target in one.targets]
    return frozenset(ast.unparse(one.value) for one in deleted if isinstance(one, ast.Subscript))


def _assigned(method: ast.AST) -> set[str]:
    assignments = [one for one in ast.walk(method) if isinstance(one, ast.Assign)]
    return {ast.unparse(target) for one in assignments for target in one.targets}


def _bounded(method: ast.AST) -> set[str]:
    """Attributes that begin as a collection which drops the oldest by itself."""
    return {
        ast.unparse(target)
        for one in ast.walk(method)
        if isinstance(one, ast.Assign | ast.AnnAssign) and "maxlen" in ast.unparse(one)
        for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
    }
