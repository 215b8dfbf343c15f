from __future__ import annotations

import jsonschema
import msgspec

from assay.record.schema import schema_of
from assay.report import View, render
from tests.report.views import compared_view, hostile_view


def test_the_document_reads_back_as_the_same_view() -> None:
    for view in (compared_view(), hostile_view()):
        assert msgspec.json.decode(render(view, "json"), type=View) == view


def test_the_document_fits_its_schema() -> None:
    document = msgspec.json.decode(render(hostile_view(), "json"))
    jsonschema.Draft202012Validator(schema_of(View)).validate(document)
    assert (document["document"], document["version"]) == ("report", 1)
