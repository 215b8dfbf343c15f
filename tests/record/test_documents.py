from __future__ import annotations

import msgspec
import pytest

from assay.record.documents import DOCUMENTS, RunLine, document_schema, meaning_of
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
    schema = document_schema(name)
    assert schema["$id"] == f"urn:assay:schema:{name}:1"
    assert set(field_docs(DOCUMENTS[name])) >= set(DOCUMENTS[name].__struct_fields__)
    fields = {
        f"{kind}.{field}": rules
        for kind, definition in schema["$defs"].items()
        for field, rules in definition.get("properties", {}).items()
    }
    assert [field for field, rules in fields.items() if not rules.get("description") and "origin" not in field] == []


def test_the_meaning_is_one_line() -> None:
    assert meaning_of("config.path") == "Files that settings are read from."
    assert all(meaning_of(name).endswith(".") for name in DOCUMENTS)


def test_a_line_of_the_list_has_the_names_that_python_has() -> None:
    assert RunLine.__struct_fields__ == RunRow.__struct_fields__
