"""The document itself."""

from __future__ import annotations

import msgspec

from assay.record.documents.comparison import Comparison
from assay.record.words.escape import plain_json
from assay.report.comparison.format import ComparisonFormat


def render(made: Comparison) -> str:
    """The comparison as JSON."""
    return plain_json(msgspec.json.format(msgspec.json.encode(made), indent=2).decode()) + "\n"


PLUGIN = ComparisonFormat(name="json", suffixes=(".json",), media_type="application/json", render=render)
