"""Text from machines and programs, made safe for a record."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_INVISIBLE = re.compile(r"[\x80-\x9f\u2028\u2029]")


def clean(text: str) -> str:
    """Valid Unicode without control characters: a name from a disk or a variable may hold any bytes."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.encode("utf-8", "replace").decode("utf-8"))


def one_line(text: str) -> str:
    """The text with every run of blanks, line ends and invisible separators made one blank."""
    return " ".join(_INVISIBLE.sub(" ", text).split())


def clip(text: str, limit: int) -> str:
    """At most ``limit`` characters; a cut shows."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
