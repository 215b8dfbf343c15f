from __future__ import annotations

import msgspec
import pytest

from assay.record.documents import DOCUMENTS, RunLine, document_schema
from assay.record.schema import field_docs
from assay.store import RunRow


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_states_its_own_name_and_version(name: str) -> None:
    fields = {field.name: field for field in msgspec.structs.fields(DOCUMENTS[name])}
    assert fields["document"].default == name
    assert fields["version"].default >= 1
    assert list(fields)[:2] == ["document", "version"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_field_is_explained(name: str) -> None:
    kind = DOCUMENTS[name]
    assert set(field_docs(kind)) >= set(kind.__struct_fields__)
    assert document_schema(name)["$id"] == f"urn:assay:schema:{name}:1"


def test_a_line_of_the_list_has_the_names_that_python_has() -> None:
    assert RunLine.__struct_fields__ == RunRow.__struct_fields__
