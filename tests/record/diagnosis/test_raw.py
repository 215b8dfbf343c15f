from __future__ import annotations

import pyarrow as pa
import pytest

from assay.record.diagnosis.raw import FILES, VERSION


@pytest.mark.parametrize("kind", sorted(FILES))
def test_a_raw_table_explains_itself(kind: str) -> None:
    _, schema = FILES[kind]
    assert schema.metadata == {b"assay.raw": kind.encode(), b"assay.raw_version": VERSION.encode()}
    for field in schema:
        assert field.metadata[b"meaning"].decode().rstrip().endswith((".", "…"))


def test_raw_tables_lie_in_their_collectors_folders_under_paths_of_their_own() -> None:
    paths = [path for path, _ in FILES.values()]
    assert len(set(paths)) == len(paths)
    assert all(path.startswith("raw/") and path.endswith(".arrows") and path.count("/") == 2 for path in paths)


def test_a_stream_of_rows_is_readable_up_to_the_last_flush() -> None:
    _, schema = FILES["frames"]
    sink = pa.BufferOutputStream()
    writer = pa.ipc.new_stream(sink, schema)
    rows = [{"parent": -1, "function": "main", "file": "a.py", "line": 3}]
    writer.write_batch(pa.RecordBatch.from_pylist(rows, schema=schema))
    table = pa.ipc.open_stream(sink.getvalue()).read_next_batch()
    assert table.to_pylist() == rows
