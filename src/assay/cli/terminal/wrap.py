"""Sentences broken into lines that fit; commands and paths are never broken inside a word."""

from __future__ import annotations

from assay.cli.terminal.escape import plain
from assay.cli.terminal.table import text_width


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
