from __future__ import annotations

from importlib import resources

import pytest

from assay.record.base import Record
from assay.record.metrics import BY_NAME
from assay.record.run import SCHEMA_VERSION, Run
from assay.record.schema import HISTORY, SCHEMA_FILE, field_docs, published_schema, render_schema, run_schema, schema_of


class Before(Record, kw_only=True):
    kept: int


class After(Before, kw_only=True):
    planted_s: float


def test_the_published_file_is_what_the_types_generate() -> None:
    assert resources.files("assay.record").joinpath(SCHEMA_FILE).read_bytes() == render_schema()


def test_a_planted_field_changes_the_generated_schema() -> None:
    before, after = schema_of(Before)["$defs"]["Before"], schema_of(After)["$defs"]["After"]
    assert set(after["properties"]) - set(before["properties"]) == {"planted_s"}


def test_a_field_with_one_possible_value_must_stand_in_the_file() -> None:
    assert "schema_version" in published_schema()["$defs"]["Run"]["required"]


def test_every_field_and_type_is_documented() -> None:
    for name, rules in published_schema()["$defs"].items():
        assert rules.get("description"), name
        for field, inner in rules.get("properties", {}).items():
            assert inner.get("description") or field == "origin", f"{name}.{field}"


def test_the_schema_names_the_registered_metrics() -> None:
    assert published_schema()["$defs"]["Metric"]["properties"]["name"]["enum"] == sorted(BY_NAME)


def test_the_history_ends_in_the_current_version() -> None:
    assert HISTORY[-1][0] == SCHEMA_VERSION
    assert all(version in run_schema()["$comment"] for version, _ in HISTORY)


@pytest.mark.parametrize("name", ["Backend", "Precision", "Status", "Phase"])
def test_closed_lists_are_enumerations(name: str) -> None:
    assert len(published_schema()["$defs"][name]["enum"]) > 3


def test_documentation_below_a_field_is_its_description() -> None:
    assert field_docs(Run)["status"] == "How it ended."
