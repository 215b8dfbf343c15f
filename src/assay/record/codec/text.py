"""Text of strangers, made fit for one line on a terminal."""

from __future__ import annotations

from assay.record.base import Record
from assay.record.words.escape import plain


class Fault(Record, kw_only=True):
    """One thing that is wrong with a document."""

    what: str
    """What is wrong."""
    pointer: str = ""
    """JSON pointer of the place; empty for the whole document."""
    remedy: str = ""
    """What to do; empty for the usual advice."""


def printable(text: str) -> str:
    """The text with everything escaped that is not plainly printable: control, format and direction characters."""
    return plain(text[:4096])


def clipped(text: str, characters: int, *, keep_end: bool = False) -> str:
    """The text in at most so many characters."""
    if len(text) <= characters:
        return text
    return "…" + text[-characters + 1 :] if keep_end else text[: characters - 1] + "…"


def pointer_part(name: str) -> str:
    """One key as a part of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")
