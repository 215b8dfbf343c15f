"""JSON: the view itself, indented."""

from __future__ import annotations

import msgspec

from assay.record.documents.report import View
from assay.record.words.escape import plain_json
from assay.report.format import Format


def render(view: View) -> str:
    """The document, in ASCII where a character could be hidden or act on a terminal."""
    return plain_json(msgspec.json.format(msgspec.json.encode(view), indent=2).decode()) + "\n"


PLUGIN = Format(name="json", suffixes=(".json",), media_type="application/json", render=render)
