"""How wide text is on a terminal, and text made to fit: cut, folded inside a column, or wrapped into a paragraph."""

from __future__ import annotations

import unicodedata

from assay.record.words.escape import plain


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


def fold(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells, broken between words, and inside one that is wider."""
    lines = [""]
    for word in text.split(" "):
        head = f"{lines[-1]} {word}" if lines[-1] else word
        if text_width(head) <= width:
            lines[-1] = head
            continue
        lines += _pieces(word, width)
    return [line for line in lines if line] or [""]


def _pieces(word: str, width: int) -> list[str]:
    """A word in pieces that fit."""
    pieces = []
    while text_width(word) > width:
        piece = cut(word, width, "") or word[0]
        pieces.append(piece)
        word = word[len(piece) :]
    return [*pieces, word]


def wrapped(text: str, indent: str, width: int | None, hang: int = 0) -> list[str]:
    """``text`` in lines of at most ``width`` cells, each indented, all but the first by ``hang`` more."""
    words = plain(text).split(" ")
    lines, line = [], indent + words[0]
    for word in words[1:]:
        if width is not None and text_width(line) + 1 + text_width(word) > width:
            lines.append(line)
            line = indent + " " * hang + word
        else:
            line += f" {word}"
    return [*lines, line]
