"""What an expression is once it has been read: a tree of numbers, texts, names, calls and operators."""

from __future__ import annotations

from msgspec import Struct


class GrammarError(ValueError):
    """An expression that can't be read; ``column`` counts from 0 within the expression."""

    def __init__(self, what: str, column: int) -> None:
        super().__init__(what)
        self.what = what
        self.column = column


class Number(Struct, frozen=True):
    """A literal number."""

    value: float
    text: str
    column: int


class Text(Struct, frozen=True):
    """A literal text; a regular expression wherever a function takes one."""

    value: str
    column: int


class Name(Struct, frozen=True):
    """A bare word: a clock, a metric, or a value the rule has named."""

    name: str
    column: int


class Call(Struct, frozen=True):
    """A function of the language, applied to its arguments."""

    function: str
    arguments: tuple[Node, ...]
    column: int


class Unary(Struct, frozen=True):
    """``not`` or the sign."""

    operator: str
    operand: Node
    column: int


class Binary(Struct, frozen=True):
    """Arithmetic, a comparison, ``and`` or ``or``."""

    operator: str
    left: Node
    right: Node
    column: int


Node = Number | Text | Name | Call | Unary | Binary

LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"<", "<=", ">", ">=", "==", "!="}),
    frozenset({"else"}),
    frozenset({"+", "-"}),
    frozenset({"*", "/"}),
)
"""Operators of two operands, loosest first; those of one level group to the left, except comparisons: one at a time.

``a else b`` is ``a``, or ``b`` where the data for ``a`` is missing.
"""

LOGIC = LEVELS[0] | LEVELS[1]
COMPARISONS = LEVELS[2]


def written(node: Node, above: int = 0) -> str:
    """The expression as text in one fixed spelling, with no more brackets than it needs."""
    match node:
        case Number():
            return node.text
        case Text():
            return '"' + node.value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case Name():
            return node.name
        case Call():
            return f"{node.function}({', '.join(written(argument) for argument in node.arguments)})"
        case Unary():
            space = " " if node.operator == "not" else ""
            return f"{node.operator}{space}{written(node.operand, len(LEVELS))}"
        case Binary():
            level = next(number for number, operators in enumerate(LEVELS) if node.operator in operators)
            text = f"{written(node.left, level)} {node.operator} {written(node.right, level + 1)}"
            return f"({text})" if level < above else text


def parts_of(node: Node) -> tuple[Node, ...]:
    """The direct parts of an expression."""
    match node:
        case Call():
            return node.arguments
        case Unary():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case _:
            return ()


def is_constant(node: Node) -> bool:
    """Whether the value is the same whatever the data."""
    return isinstance(node, Number | Unary | Binary) and all(is_constant(part) for part in parts_of(node))
