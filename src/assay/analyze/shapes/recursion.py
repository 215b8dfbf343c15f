"""Functions that compute the same results again and again by calling themselves."""

from __future__ import annotations

import ast

_LOOPS = (ast.For, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def overlaps(node: ast.AST) -> bool:
    """Whether a function calls itself more than once with smaller arguments, and nothing keeps what it found."""
    if not isinstance(node, ast.FunctionDef) or any("cache" in ast.unparse(one) for one in node.decorator_list):
        return False
    if any(isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store) for one in ast.walk(node)):
        return False
    smaller = [one for one in _calls(node, node.name) if any(_is_smaller(argument) for argument in one.args)]
    return len(smaller) > 1 or _smaller_by_loop(node)


def _calls(node: ast.AST, name: str) -> list[ast.Call]:
    found = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
    return [one for one in found if _last_word(one.func) == name]


def _last_word(called: ast.expr) -> str:
    match called:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _is_smaller(argument: ast.expr) -> bool:
    """A number that was counted up or down, or a sequence without its first or last elements."""
    if isinstance(argument, ast.BinOp):
        return isinstance(argument.op, ast.Sub | ast.Add | ast.FloorDiv)
    if isinstance(argument, ast.Subscript) and isinstance(argument.slice, ast.Slice):
        bounds = [bound for bound in (argument.slice.lower, argument.slice.upper) if bound is not None]
        return len(bounds) == 1 and _is_constant(bounds[0])
    return False


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant))


def _smaller_by_loop(function: ast.FunctionDef) -> bool:
    """Whether it calls itself for each value of a loop, with an argument less that value: sums that meet again."""
    return any(
        _subtracts(argument, _targets(loop))
        for loop in ast.walk(function)
        if isinstance(loop, _LOOPS)
        for call in _calls(loop, function.name)
        for argument in call.args
    )


def _targets(loop: ast.AST) -> set[str]:
    targets = [loop.target] if isinstance(loop, ast.For) else [one.target for one in getattr(loop, "generators", ())]
    return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def _subtracts(argument: ast.expr, names: set[str]) -> bool:
    if not isinstance(argument, ast.BinOp) or not isinstance(argument.op, ast.Sub):
        return False
    return any(isinstance(one, ast.Name) and one.id in names for one in ast.walk(argument.right))
