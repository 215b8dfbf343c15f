"""JSON: the view itself, indented."""

from __future__ import annotations

import msgspec

from assay.record.documents.report import View
from assay.report.format import Format


def render(view: View) -> str:
    """The document, in ASCII where a character could be hidden or act on a terminal."""
    text = msgspec.json.format(msgspec.json.encode(view), indent=2).decode()
    return "".join(letter if letter == "\n" or letter.isprintable() else _escaped(letter) for letter in text) + "\n"


def _escaped(letter: str) -> str:
    return "".join(f"\\u{unit:04x}" for unit in _utf16(letter))


def _utf16(letter: str) -> list[int]:
    data = letter.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2)]


PLUGIN = Format(name="json", suffixes=(".json",), media_type="application/json", render=render)
