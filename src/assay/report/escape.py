"""Text of strangers made harmless for each kind of markup. Everything a target can name passes through here."""

from __future__ import annotations

import html
import re

from assay.record.words.escape import plain

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~&$@]|:(?=//)|(?<=www)\.|^[#+\-=])")
"""Markup characters; and the ones that start a list or heading, or make a link of a bare address."""
_LIST_START = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_BACKTICKS = re.compile("`+")


def visible_lines(text: str) -> str:
    """Several lines, each made visible; tabs become four spaces."""
    return "\n".join(plain(line.replace("\t", "    ")) for line in text.replace("\r\n", "\n").split("\n"))


def for_html(text: str) -> str:
    """For HTML text and for attributes in double quotes."""
    return html.escape(visible_lines(text), quote=True)


def for_markdown(text: str) -> str:
    """For running text and table cells of Markdown: one line, nothing of it markup."""
    return _LIST_START.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", plain(text)))


def markdown_code(text: str) -> str:
    """A code span that nothing in ``text`` can end; a pipe is escaped, since tables split before spans are read."""
    shown = plain(text).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(shown)), default=0))
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def markdown_block(text: str, language: str = "") -> str:
    """A fenced block that nothing in ``text`` can end."""
    shown = visible_lines(text)
    fence = "`" * max(3, 1 + max((len(run) for run in _BACKTICKS.findall(shown)), default=0))
    return f"{fence}{language}\n{shown}\n{fence}"
