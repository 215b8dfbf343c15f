"""Lines of a plain text of 80 columns."""

from __future__ import annotations

import textwrap

from assay.record.words.escape import plain

WIDTH = 80
"""Columns of a terminal that nobody made wider."""


def wrapped(text: str, first: str = "", rest: str | None = None) -> list[str]:
    """Lines of at most 80 columns; only a word that is longer alone goes beyond."""
    indent = " " * len(first) if rest is None else rest
    lines = textwrap.wrap(
        plain(text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )
    return [line.rstrip() for line in lines]
