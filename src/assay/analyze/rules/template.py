"""Sentences with numbers in them: ``{share(cpu)|percent} of the time …``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct

from assay.analyze.grammar import GrammarError, Kind, Node, Values, Vocabulary, check, evaluate, parse

_HOLE = re.compile(r"""\{(?P<expression>(?:"[^"]*"|[^{}|"])+)\|(?P<unit>[a-z]+)\}|(?P<stray>[{}])""")
_UNKNOWN = "an unknown amount"
_STEPS = (("Gi", 2**30), ("Mi", 2**20), ("Ki", 2**10))


class Template(Struct, frozen=True):
    """A sentence in pieces: texts, and expressions with the unit they are shown in."""

    pieces: tuple[str | tuple[Node, str], ...]

    def filled(self, values: Values) -> str:
        """The sentence with its numbers."""
        return "".join(piece if isinstance(piece, str) else _shown(piece, values) for piece in self.pieces)


def read_template(text: str, vocabulary: Vocabulary) -> Template:
    """The template in a rule's sentence; ``GrammarError`` where a hole can't be filled."""
    pieces: list[str | tuple[Node, str]] = []
    at = 0
    for hole in _HOLE.finditer(text):
        pieces.append(text[at : hole.start()])
        pieces.append(_hole(hole, vocabulary))
        at = hole.end()
    pieces.append(text[at:])
    return Template(tuple(piece for piece in pieces if piece))


def _hole(hole: re.Match[str], vocabulary: Vocabulary) -> tuple[Node, str]:
    if hole["stray"]:
        raise GrammarError(f"a stray {hole['stray']!r}: a number is written {{expression|unit}}", hole.start())
    if hole["unit"] not in _UNITS:
        raise GrammarError(f"there is no unit {hole['unit']!r}; choose from {', '.join(_UNITS)}", hole.start("unit"))
    try:
        node = parse(hole["expression"])
        kind = check(node, vocabulary)
    except GrammarError as error:
        raise GrammarError(error.what, hole.start("expression") + error.column) from None
    if kind is not Kind.NUMBER:
        raise GrammarError(f"a number is shown, this is a {kind}", hole.start("expression"))
    return node, hole["unit"]


def _shown(piece: tuple[Node, str], values: Values) -> str:
    node, unit = piece
    value = evaluate(node, values)
    return _UNKNOWN if value is None else _UNITS[unit](float(value))


def _percent(value: float) -> str:
    return f"{value * 100:.0f} %"


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _seconds(value: float) -> str:
    if abs(value) >= 1:
        return f"{value:.2f} s"
    return f"{value * 1e3:.1f} ms" if abs(value) >= 1e-3 else f"{value * 1e6:.0f} µs"


def _bytes(value: float) -> str:
    for prefix, size in _STEPS:
        if abs(value) >= size:
            return f"{value / size:.1f} {prefix}B"
    return f"{value:.0f} B"


def _number(value: float) -> str:
    return f"{value:.2f}"


_UNITS: Mapping[str, Callable[[float], str]] = {
    "percent": _percent,
    "count": _count,
    "seconds": _seconds,
    "bytes": _bytes,
    "number": _number,
}
"""How a number may be shown."""
