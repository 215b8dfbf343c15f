from __future__ import annotations

from assay.record.trace.columns import NAME_COLUMNS, NON_NEGATIVE, TRACE
from assay.record.trace.lines import HISTORY, TRACE_VERSION


def test_the_columns_state_their_version_and_meanings() -> None:
    assert TRACE.metadata == {b"assay.kind": b"trace", b"assay.schema_version": TRACE_VERSION.encode()}
    assert HISTORY[-1][0] == TRACE_VERSION
    assert all(field.metadata[b"meaning"] for field in TRACE)
    assert set(NAME_COLUMNS) | set(NON_NEGATIVE) <= set(TRACE.names)
