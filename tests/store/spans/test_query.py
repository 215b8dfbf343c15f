from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.errors import RecordError
from assay.store.spans.query import database, failing


def test_the_database_reads_its_folder_and_nothing_else(tmp_path: Path) -> None:
    inside, outside = tmp_path / "it's inside", tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir()
        pq.write_table(pa.table({"x": [1]}), folder / "x.parquet")
    with database(inside, inside / "spill") as connection:
        assert connection.execute("SELECT * FROM read_parquet(?)", [str(inside / "x.parquet")]).fetchall() == [(1,)]
        for query in (
            "SELECT * FROM read_parquet('{outside}/x.parquet')",
            "COPY (SELECT 1) TO '{outside}/y.csv'",
            "ATTACH '{outside}/z.db'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET memory_limit = '8GB'",
            "SET enable_external_access = true",
            "SELECT * FROM read_csv('/etc/passwd')",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(query.format(outside=outside)).fetchall()
    assert [path.name for path in outside.iterdir()] == ["x.parquet"]


def test_a_failing_query_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RecordError) as caught, failing(tmp_path):
        duckdb.sql("SELECT no_such_column")
    assert len(str(caught.value).splitlines()) == 1
