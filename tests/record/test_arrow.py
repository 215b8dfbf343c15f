from __future__ import annotations

import subprocess
import sys

import pyarrow as pa
import pytest

from assay.errors import RecordError
from assay.record.arrow import HISTORY, SCHEMAS, VERSIONS, check_schema
from assay.record.enums import SeriesKind


@pytest.mark.parametrize("kind", SeriesKind)
def test_every_kind_has_a_schema_that_states_kind_version_and_meanings(kind: SeriesKind) -> None:
    schema = SCHEMAS[kind]
    assert schema.metadata == {b"assay.kind": kind.encode(), b"assay.schema_version": VERSIONS[kind].encode()}
    assert all(field.metadata[b"meaning"] for field in schema)
    assert [version for entry, version, _ in HISTORY if entry is kind][-1] == VERSIONS[kind]
    check_schema(schema, kind, "here")


def test_units_stand_in_the_names_of_all_times_and_sizes() -> None:
    for schema in SCHEMAS.values():
        for field in schema:
            if pa.types.is_int64(field.type):
                assert field.name.endswith(("_ns", "_bytes")) or field.name in {"flops", "count"}


@pytest.mark.parametrize("kind", SeriesKind)
def test_a_dropped_renamed_or_retyped_column_is_refused(kind: SeriesKind) -> None:
    schema = SCHEMAS[kind]
    for i, field in enumerate(schema):
        for other in (
            schema.remove(i),
            schema.set(i, field.with_name("x")),
            schema.set(i, field.with_type(pa.bool_())),
        ):
            with pytest.raises(RecordError, match=f"here: .*{field.name}"):
                check_schema(other, kind, "here")


def test_the_record_can_be_used_without_pyarrow() -> None:
    program = "import sys, assay.record.run, assay.record.codec; sys.exit('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
