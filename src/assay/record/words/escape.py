"""Text of strangers made harmless: nothing in it can move the cursor, change colours, reorder a line or be a formula.

Imports nothing, since the start of the program needs it.
"""

from __future__ import annotations

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plain(text: str) -> str:
    """``text`` on one line, every character that does not print itself written as its escape.

    >>> print(plain("a\\x1b[31mb"))
    a\\x1b[31mb
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def plain_json(text: str) -> str:
    """A JSON text with the same characters escaped as JSON does it; its line ends and its meaning stay."""
    if text.replace("\n", "").isprintable():
        return text
    return "".join(letter if letter.isprintable() or letter == "\n" else _json_escaped(letter) for letter in text)


def for_csv(text: str) -> str:
    """For a CSV cell of text: what a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")


def _json_escaped(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
