"""Tables of text: columns as wide as their cells, cut to the terminal's width and never otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assay.cli.terminal.style import Line, Piece, Styled
from assay.cli.terminal.width import cut, fold, text_width
from assay.record.words.escape import plain

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
    folds: bool = False
    """Sentences go on in the next line instead of being cut."""


def table_lines(columns: Sequence[Column], rows: Sequence[Sequence[Piece]], width: int | None) -> list[Line]:
    """The table's lines, heading first; ``width`` is the terminal's, None for no limit."""
    headings = [Styled(column.heading, "bold") for column in columns]
    cells: list[Sequence[Piece]] = [headings, *([_escaped(cell) for cell in row] for row in rows)]
    widths = [max(text_width(_text(row[i])) for row in cells) for i in range(len(columns))]
    room = sum(widths) if width is None else width - len(GAP) * (len(columns) - 1)
    if sum(widths) <= room:
        return [_line(columns, row, widths) for row in cells]
    widths = fitted(widths, [column.least for column in columns], room)
    return [line for row in cells for line in _lines(columns, row, widths)]


def fitted(widths: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Widths that sum up to at most ``room``: the widest columns shrink first, alike, and none below its least."""
    result = list(widths)
    while (excess := sum(result) - room) > 0:
        spare = [i for i in range(len(result)) if result[i] > least[i]]
        if not spare:
            break
        top = max(result[i] for i in spare)
        widest = [i for i in spare if result[i] == top]
        floor = max([*(least[i] for i in widest), *(result[i] for i in spare if result[i] < top)])
        each = min(top - floor, -(-excess // len(widest)))
        for i in widest:
            result[i] -= each
    return result


def _escaped(cell: Piece) -> Piece:
    return Styled(plain(cell.text), cell.style) if isinstance(cell, Styled) else plain(cell)


def _lines(columns: Sequence[Column], row: Sequence[Piece], widths: Sequence[int]) -> Iterator[Line]:
    """One line, or as many as the cell that folds most takes."""
    folded = [_folded(column, cell, width) for column, cell, width in zip(columns, row, widths, strict=True)]
    for i in range(max(map(len, folded))):
        yield _line(columns, [parts[i] if i < len(parts) else "" for parts in folded], widths)


def _folded(column: Column, cell: Piece, width: int) -> list[Piece]:
    text = _text(cell)
    parts = fold(text, width) if column.folds else [cut(text, width, column.mark)]
    return [Styled(part, cell.style) if isinstance(cell, Styled) else part for part in parts]


def _line(columns: Sequence[Column], row: Sequence[Piece], widths: Sequence[int]) -> Line:
    """Cells at their places; text without a style is joined, since a list may have 100,000 lines."""
    pieces: list[Piece] = []
    bare = ""
    for column, cell, width in zip(columns, row, widths, strict=True):
        text = _text(cell)
        padding = " " * (width - text_width(text))
        bare += padding if column.right else ""
        if isinstance(cell, Styled) and text:
            pieces += [bare, cell]
            bare = ""
        else:
            bare += text
        bare += GAP if column.right else padding + GAP
    return (*pieces, bare.rstrip())


def _text(piece: Piece) -> str:
    return piece.text if isinstance(piece, Styled) else piece
