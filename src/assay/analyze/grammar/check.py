"""Whether an expression makes sense before any data is there: names, numbers of arguments, kinds of values."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from assay.analyze.grammar.tree import (
    COMPARISONS,
    LOGIC,
    Binary,
    Call,
    GrammarError,
    Name,
    Node,
    Number,
    Text,
    Unary,
    is_constant,
)


class Kind(StrEnum):
    """What a value is, or what an argument must be."""

    NUMBER = "number"
    TRUTH = "yes or no"
    REGEX = "regular expression"
    CLOCK = "clock"
    METRIC = "metric"
    WORD = "word"


class Signature(Struct, frozen=True, kw_only=True):
    """How a function is called, and what it says."""

    name: str
    parameters: tuple[Kind, ...] = ()
    returns: Kind = Kind.NUMBER
    needs: frozenset[str] = frozenset()
    """Kinds of evidence it is computed from."""
    unit: str = ""
    meaning: str
    """One sentence."""
    words: tuple[str, ...] = ()
    """What a WORD parameter may be."""


class Vocabulary(Struct, frozen=True, kw_only=True):
    """Everything an expression may name."""

    functions: Mapping[str, Signature]
    clocks: Collection[str]
    metrics: Collection[str]
    values: Mapping[str, Kind] = {}
    """Names the rule itself has given to expressions."""


def check(node: Node, vocabulary: Vocabulary) -> Kind:
    """The kind of the expression's value; ``GrammarError`` at the first thing that makes no sense."""
    match node:
        case Number():
            return Kind.NUMBER
        case Text():
            raise GrammarError("a text is no value; functions take texts as arguments", node.column)
        case Name():
            return _value(node, vocabulary)
        case Call():
            return _call(node, vocabulary)
        case Unary():
            wanted = Kind.TRUTH if node.operator == "not" else Kind.NUMBER
            _require(node.operand, wanted, f"{node.operator!r} takes", vocabulary)
            return wanted
        case Binary():
            return _operator(node, vocabulary)


def _operator(node: Binary, vocabulary: Vocabulary) -> Kind:
    if node.operator == "else":
        kind = check(node.left, vocabulary)
        _require(node.right, kind, "'else' here takes, as on its left,", vocabulary)
        return kind
    wanted = Kind.TRUTH if node.operator in LOGIC else Kind.NUMBER
    for side in (node.left, node.right):
        _require(side, wanted, f"{node.operator!r} takes", vocabulary)
    return Kind.TRUTH if node.operator in LOGIC | COMPARISONS else Kind.NUMBER


def _require(node: Node, wanted: Kind, who: str, vocabulary: Vocabulary) -> None:
    found = check(node, vocabulary)
    if found is not wanted:
        raise GrammarError(f"{who} a {wanted}, this is a {found}", node.column)


def _value(node: Name, vocabulary: Vocabulary) -> Kind:
    if node.name in vocabulary.values:
        return vocabulary.values[node.name]
    if node.name in vocabulary.functions:
        raise GrammarError(f"{node.name} is a function: write {node.name}(…)", node.column)
    raise GrammarError(f"there is no value {node.name!r}{_advice(node.name, vocabulary.values)}", node.column)


def _call(node: Call, vocabulary: Vocabulary) -> Kind:
    signature = vocabulary.functions.get(node.function)
    if signature is None:
        advice = _advice(node.function, vocabulary.functions)
        raise GrammarError(f"there is no function {node.function!r}{advice}", node.column)
    if len(node.arguments) != len(signature.parameters):
        wanted = ", ".join(signature.parameters) or "nothing"
        raise GrammarError(f"{node.function} takes {wanted}: {len(node.arguments)} given", node.column)
    for argument, kind in zip(node.arguments, signature.parameters, strict=True):
        _argument(argument, kind, signature, vocabulary)
    return signature.returns


def _argument(argument: Node, kind: Kind, signature: Signature, vocabulary: Vocabulary) -> None:
    match kind:
        case Kind.NUMBER | Kind.TRUTH:
            _require(argument, kind, f"{signature.name} takes", vocabulary)
            if not is_constant(argument):
                raise GrammarError(f"{signature.name} takes a {kind} that is the same for all data", argument.column)
        case Kind.REGEX:
            _regex(argument, signature)
        case Kind.CLOCK:
            _word(argument, vocabulary.clocks, "clock")
        case Kind.METRIC:
            _word(argument, vocabulary.metrics, "metric")
        case Kind.WORD:
            _word(argument, signature.words, f"word for {signature.name}")


def _regex(argument: Node, signature: Signature) -> None:
    if not isinstance(argument, Text):
        raise GrammarError(f"{signature.name} takes a regular expression in quotes", argument.column)
    try:
        re.compile(argument.value)
    except re.error as error:
        raise GrammarError(f"the regular expression can't be read: {error}", argument.column) from None


def _word(argument: Node, known: Iterable[str], what: str) -> None:
    if not isinstance(argument, Name):
        raise GrammarError(f"a {what} is written as a bare word", argument.column)
    names = sorted(known)
    if argument.name not in names:
        raise GrammarError(f"there is no {what} {argument.name!r}{_advice(argument.name, names)}", argument.column)


def _advice(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
