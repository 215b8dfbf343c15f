"""Colour: when it is used, and how a piece of text carries it. Nothing is said by colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from assay.record.words.escape import plain

CODES = {
    "": "",
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "cyan": "36",
}


class Styled(NamedTuple):
    """A text with a style of ``CODES``."""

    text: str
    style: str = ""


Piece = str | Styled
Line = Piece | tuple[Piece, ...]
"""One line of output; texts in it may be anybody's, they are escaped when painted."""


def wants_color(choice: str, variables: Mapping[str, str], *, on_terminal: bool) -> bool:
    """Whether to colour: the setting decides, then NO_COLOR, FORCE_COLOR, TERM=dumb, then the terminal."""
    if choice != "auto":
        return choice == "always"
    if variables.get("NO_COLOR"):
        return False
    if variables.get("FORCE_COLOR"):
        return True
    return on_terminal and variables.get("TERM") != "dumb"


def paint(line: Line, *, color: bool) -> str:
    """The line as it is written, escaped, with colours where wanted."""
    pieces = (line,) if isinstance(line, str | Styled) else line
    return "".join(_painted(piece, color=color) for piece in pieces)


def _painted(piece: Piece, *, color: bool) -> str:
    if isinstance(piece, Styled):
        text = plain(piece.text)
        return f"\x1b[{CODES[piece.style]}m{text}\x1b[0m" if color and piece.style and text else text
    return plain(piece)
