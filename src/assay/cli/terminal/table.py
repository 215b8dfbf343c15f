"""Tables of text: columns as wide as their cells, cut to the terminal's width and never otherwise."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from assay.cli.terminal.escape import plain
from assay.cli.terminal.style import Line, Piece, Styled

GAP = "  "


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its heading, and how it behaves when room is short."""

    heading: str
    right: bool = False
    """Numbers stand at the right edge."""
    least: int = 4
    """It is not cut below this width."""
    mark: str = "…"
    """What stands where text was cut off; empty for ids, whose beginning is a name too."""


def table_lines(columns: Sequence[Column], rows: Sequence[Sequence[Piece]], width: int | None) -> list[Line]:
    """The table's lines, heading first; ``width`` is the terminal's, None for no limit."""
    headings = [Styled(column.heading, "bold") for column in columns]
    cells = [headings, *([_escaped(cell) for cell in row] for row in rows)]
    widths = [max(text_width(row[i].text) for row in cells) for i in range(len(columns))]
    if width is not None:
        widths = fitted(widths, [column.least for column in columns], width - len(GAP) * (len(columns) - 1))
    return [_line(columns, row, widths) for row in cells]


def fitted(widths: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Widths that sum up to at most ``room``, the widest column cut first and none below its least."""
    result = list(widths)
    excess = sum(result) - room
    while excess > 0:
        spare = [i for i in range(len(result)) if result[i] > least[i]]
        if not spare:
            return result
        widest = max(spare, key=lambda i: result[i])
        rivals = [result[i] for i in spare if i != widest and result[i] < result[widest]]
        cut = max(1, min(excess, result[widest] - max([least[widest], *rivals])))
        result[widest] -= cut
        excess -= cut
    return result


def text_width(text: str) -> int:
    """Terminal cells that a text takes: two for wide letters, none for marks that combine."""
    if text.isascii():
        return len(text)
    return sum(_letter_width(letter) for letter in text)


def cut(text: str, width: int, mark: str = "…") -> str:
    """``text`` in at most ``width`` cells; where it is cut, ``mark`` says so."""
    if text_width(text) <= width:
        return text
    room, kept = width - text_width(mark), []
    for letter in text:
        room -= _letter_width(letter)
        if room < 0:
            break
        kept.append(letter)
    return "".join(kept) + mark


def _letter_width(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _escaped(cell: Piece) -> Styled:
    return Styled(plain(cell.text), cell.style) if isinstance(cell, Styled) else Styled(plain(cell))


def _line(columns: Sequence[Column], row: Sequence[Styled], widths: Sequence[int]) -> Line:
    pieces: list[Piece] = []
    for column, cell, width in zip(columns, row, widths, strict=True):
        text = cut(cell.text, width, column.mark)
        padding = " " * (width - text_width(text))
        pieces += [padding, Styled(text, cell.style)] if column.right else [Styled(text, cell.style), padding]
        pieces.append(GAP)
    while pieces and not _text(pieces[-1]).strip():
        pieces.pop()
    return tuple(pieces)


def _text(piece: Piece) -> str:
    return piece.text if isinstance(piece, Styled) else piece
