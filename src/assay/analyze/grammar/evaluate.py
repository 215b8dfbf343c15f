"""What an expression comes to on data. A value that is missing stays missing: it is neither true nor zero."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from assay.analyze.grammar.tree import COMPARISONS, Binary, Call, Name, Node, Number, Text, Unary, is_constant, written

Argument = str | float | bool | None
Value = float | bool | None


class Values(Protocol):
    """The data behind an expression."""

    def call(self, function: str, arguments: tuple[Argument, ...], /) -> Value:
        """What a function comes to; None where its data is missing."""

    def named(self, name: str, /) -> Value:
        """A value the rule has named."""


class Condition(Struct, frozen=True, kw_only=True):
    """One condition of a rule with what was measured for it."""

    text: str
    """As the rule writes it, in one fixed spelling."""
    held: bool | None
    """Whether it held; None where its data is missing."""
    value: Value
    """What the measured side of a comparison came to, or the whole expression where it is none."""
    threshold: float | None = None
    """What it was compared with, where it was a comparison."""
    measured: Node
    """The expression behind ``value``."""


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def evaluate(node: Node, values: Values) -> Value:
    """The value of a checked expression."""
    match node:
        case Number():
            return node.value
        case Text():
            raise TypeError("a text outside a call passed the check")
        case Name():
            return values.named(node.name)
        case Call():
            return values.call(node.function, tuple(_argument(argument, values) for argument in node.arguments))
        case Unary():
            operand = evaluate(node.operand, values)
            if operand is None:
                return None
            return not operand if node.operator == "not" else -operand
        case Binary():
            return _binary(node, values)


def judge(node: Node, values: Values) -> Condition:
    """One condition and the number behind it."""
    held = evaluate(node, values)
    truth = None if held is None else bool(held)
    if isinstance(node, Binary) and node.operator in COMPARISONS:
        measured, limit = (node.right, node.left) if is_constant(node.left) else (node.left, node.right)
        value, threshold = evaluate(measured, values), evaluate(limit, values)
        number = None if threshold is None else float(threshold)
        return Condition(text=written(node), held=truth, value=value, threshold=number, measured=measured)
    return Condition(text=written(node), held=truth, value=held, measured=node)


def _argument(node: Node, values: Values) -> Argument:
    match node:
        case Text():
            return node.value
        case Name():
            return node.name
        case _:
            return evaluate(node, values)


def _binary(node: Binary, values: Values) -> Value:
    if node.operator in ("and", "or"):
        return _logic(node, values)
    left = evaluate(node.left, values)
    if node.operator == "else":
        return evaluate(node.right, values) if left is None else left
    right = evaluate(node.right, values)
    if left is None or right is None:
        return None
    if node.operator in COMPARISONS:
        return _COMPARE[node.operator](left, right)
    if node.operator == "/":
        return left / right if right else None  # what is not there can't be a share of anything
    return _ARITHMETIC[node.operator](left, right)


def _logic(node: Binary, values: Values) -> Value:
    """Three-valued: a side that decides alone decides even where the other is missing."""
    decisive = node.operator == "or"
    left = evaluate(node.left, values)
    if left is decisive:
        return decisive
    right = evaluate(node.right, values)
    if right is decisive:
        return decisive
    return None if left is None or right is None else not decisive
