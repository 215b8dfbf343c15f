"""Reading an expression: precedence climbing over a handful of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from assay.analyze.grammar.tree import COMPARISONS, LEVELS, Binary, Call, GrammarError, Name, Node, Number, Text, Unary

LONGEST = 2_000
"""Characters of one expression."""
DEEPEST = 40
"""Brackets within brackets."""

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<sign><=|>=|==|!=|[-+*/<>(),])""",
    re.VERBOSE,
)
_END = "end"


class Token(Struct, frozen=True):
    """One word, number, text or sign of an expression."""

    kind: str
    text: str
    column: int


def parse(text: str) -> Node:
    """The tree of an expression; ``GrammarError`` says what is wrong and where."""
    if len(text) > LONGEST:
        raise GrammarError(f"the expression is longer than {LONGEST} characters", LONGEST)
    reader = _Reader(list(_tokens(text)))
    node = reader.operators(0)
    reader.expect(_END, "the end of the expression or an operator")
    return node


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            if text[at] in "\"'":
                raise GrammarError("the text is not closed", at)
            raise GrammarError(f"{text[at]!r} is no part of the language", at)
        if found.lastgroup != "space":
            yield Token(found.lastgroup or "", found.group(), at)
        at = found.end()
    yield Token(_END, "", len(text))


class _Reader:
    """Consumes tokens from the left."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def operators(self, level: int) -> Node:
        """An expression of operators that bind at least as tightly as ``level``."""
        if level == len(LEVELS):
            return self._unary()
        if level == _COMPARING and self._next.text == "not":
            return self._negation()
        left = self.operators(level + 1)
        while self._next.kind != "text" and self._next.text in LEVELS[level]:
            operator = self._take()
            left = Binary(operator.text, left, self.operators(level + 1), operator.column)
            if operator.text in COMPARISONS and self._next.text in COMPARISONS:
                raise GrammarError("compare two values at a time and join with 'and'", self._next.column)
        return left

    def expect(self, kind: str, wanted: str) -> Token:
        """The next token, if it is of that kind or spelling."""
        token = self._next
        if kind not in (token.kind, token.text) or (token.kind == "text" and kind != "text"):
            found = f"not {token.text!r}" if token.text else "but the expression ends"
            raise GrammarError(f"expected {wanted}, {found}", token.column)
        return self._take()

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _negation(self) -> Node:
        word = self._take()
        before = self._deeper(word.column)
        operand = self.operators(_COMPARING)
        self._depth = before
        return Unary("not", operand, word.column)

    def _unary(self) -> Node:
        if self._next.text == "-" and self._next.kind == "sign":
            sign = self._take()
            before = self._deeper(sign.column)
            operand = self._unary()
            self._depth = before
            return Unary("-", operand, sign.column)
        return self._primary()

    def _primary(self) -> Node:
        token = self._next
        if token.kind == "number":
            self._take()
            return Number(float(token.text), token.text, token.column)
        if token.kind == "text":
            self._take()
            return Text(_unquoted(token.text), token.column)
        if token.kind == "word" and token.text not in _WORDS:
            self._take()
            return self._call(token) if self._next.text == "(" else Name(token.text, token.column)
        if token.text == "(":
            return self._bracket()
        found = f"not {token.text!r}" if token.text else "but the expression ends"
        raise GrammarError(f"expected a value, {found}", token.column)

    def _bracket(self) -> Node:
        before = self._deeper(self._take().column)
        node = self.operators(0)
        self.expect(")", "a closing bracket")
        self._depth = before
        return node

    def _call(self, function: Token) -> Node:
        before = self._deeper(self._take().column)
        arguments: list[Node] = []
        while self._next.text != ")" or self._next.kind == "text":
            if arguments:
                self.expect(",", "a comma or a closing bracket")
            arguments.append(self.operators(0))
        self._take()
        self._depth = before
        return Call(function.text, tuple(arguments), function.column)

    def _deeper(self, column: int) -> int:
        before = self._depth
        self._depth += 1
        if self._depth > DEEPEST:
            raise GrammarError(f"more than {DEEPEST} brackets within brackets", column)
        return before


_WORDS = frozenset({"and", "or", "not", "else"})
_COMPARING = 2
"""Level of comparisons: ``not`` binds looser than they, tighter than ``and``."""


def _unquoted(text: str) -> str:
    return re.sub(r"\\([\"'\\])", r"\1", text[1:-1])
