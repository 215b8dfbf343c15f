"""Text of strangers made harmless for each medium. Everything a target can name passes through here."""

from __future__ import annotations

import html
import re
import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories that are not seen, or that change how the rest is seen: controls, direction marks, line separators."""
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~&$@]|:(?=//)|(?<=www)\.|^[#+\-=])")
"""Markup characters; and the ones that start a list or heading, or make a link of a bare address."""
_LIST_START = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_BACKTICKS = re.compile("`+")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def visible(text: str) -> str:
    """One line in which every character can be seen: hidden ones are spelled as escapes.

    >>> visible("a\\x1b[31mb\\u202e")
    'a\\\\x1b[31mb\\\\u202e'
    """
    return "".join(_spelled(letter) if unicodedata.category(letter) in _HIDDEN else letter for letter in text)


def visible_lines(text: str) -> str:
    """Several lines, each made visible; tabs become four spaces."""
    return "\n".join(visible(line.replace("\t", "    ")) for line in text.replace("\r\n", "\n").split("\n"))


def for_html(text: str) -> str:
    """For HTML text and for attributes in double quotes."""
    return html.escape(visible_lines(text), quote=True)


def for_markdown(text: str) -> str:
    """For running text and table cells of Markdown: one line, nothing of it markup."""
    return _LIST_START.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", visible(text)))


def markdown_code(text: str) -> str:
    """A code span that nothing in ``text`` can end; a pipe is escaped, since tables split before spans are read."""
    shown = visible(text).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(shown)), default=0))
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def markdown_block(text: str, language: str = "") -> str:
    """A fenced block that nothing in ``text`` can end."""
    shown = visible_lines(text)
    fence = "`" * max(3, 1 + max((len(run) for run in _BACKTICKS.findall(shown)), default=0))
    return f"{fence}{language}\n{shown}\n{fence}"


def for_csv(text: str) -> str:
    """For a CSV cell of text: what a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def _spelled(letter: str) -> str:
    code = ord(letter)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
