from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.record.arrow import SPANS
from assay.record.enums import SeriesKind
from assay.store.spans import recording
from assay.store.spans.convert import ROW_GROUP_ROWS, sorted_groups
from assay.store.spans.reader import read_spans
from assay.store.spans.writer import SpanWriter
from tests.store.spans.traces import cut, make_trace, record_trace

PART = "spans/part-00000.parquet"


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "SEGMENT_ROWS", 100)
    monkeypatch.setattr(recording, "BATCH_ROWS", 30)


def test_a_part_states_its_schema_version_and_the_meaning_of_its_columns(tmp_path: Path) -> None:
    record_trace(tmp_path, make_trace())
    schema = pq.read_schema(tmp_path / PART)
    assert schema.metadata[b"assay.schema_version"] == b"1.0"
    assert schema.metadata[b"assay.kind"] == b"spans"
    assert schema.equals(SPANS)
    assert b"monotonic" in schema.field("start_ns").metadata[b"meaning"]


def test_duckdb_pandas_and_polars_read_a_part_as_it_is(tmp_path: Path) -> None:
    trace = make_trace()
    record_trace(tmp_path, trace)
    expected: dict[str, Any] = {"Attention": 0, "FFN": 0}
    for step, wall_ns in zip(trace["step"].to_pylist(), trace["wall_ns"].tolist(), strict=True):
        if step in expected:
            expected[step] += wall_ns
    part = str(tmp_path / PART)
    pd, pl = pytest.importorskip("pandas"), pytest.importorskip("polars")
    frame = pd.read_parquet(part)
    lazy = pl.scan_parquet(part).group_by(pl.col("step").cast(pl.String)).agg(pl.col("wall_ns").sum())
    query = "SELECT step, sum(wall_ns)::BIGINT FROM read_parquet(?) GROUP BY step"
    asked = duckdb.execute(query, [part]).fetchall()
    for step, total in expected.items():
        assert frame.loc[frame["step"] == step, "wall_ns"].sum() == total
        assert dict(lazy.collect().iter_rows())[step] == total
        assert dict(asked)[step] == total


@pytest.mark.usefixtures("small_segments")
def test_full_streams_become_parts_while_recording_goes_on_and_every_part_is_sorted(tmp_path: Path) -> None:
    trace = make_trace(tokens=100)
    series = record_trace(tmp_path, trace, pieces=40)
    parts = [entry for entry in series if entry.kind is SeriesKind.SPANS]
    assert len(parts) == 10
    for entry in parts:
        starts = pq.read_table(tmp_path / entry.file)["start_ns"].to_numpy()
        assert (np.diff(starts) >= 0).all()
    assert sum(entry.rows for entry in parts) == len(trace["wall_ns"])
    assert read_spans(tmp_path)["start_ns"].to_pylist() == np.sort(trace["start_ns"]).tolist()
    assert not list(tmp_path.glob("*.arrows"))


@pytest.mark.usefixtures("small_segments")
def test_a_span_that_arrives_long_after_it_began_gets_a_row_group_of_its_own(tmp_path: Path) -> None:
    writer = SpanWriter(tmp_path)
    trace = make_trace(tokens=60)
    writer.append(**cut(trace, 0, 240))
    writer.append(**cut(trace, 240, 300))
    writer.append(step="request", start_ns=1, wall_ns=10**9)
    writer.finalise()
    groups = pq.ParquetFile(tmp_path / "spans/part-00001.parquet").metadata
    start = SPANS.names.index("start_ns")
    ranges = [groups.row_group(i).column(start).statistics for i in range(groups.num_row_groups)]
    assert [(groups.row_group(0).num_rows, ranges[0].max)] == [(1, 1)]
    assert ranges[1].min > 1


def test_row_groups_are_bounded_sorted_and_hold_everything() -> None:
    times = np.random.default_rng(3).permutation(2 * ROW_GROUP_ROWS + 1)
    batches = [pa.record_batch({"t": part}) for part in np.array_split(times, 7)]
    groups = [group["t"].to_numpy() for group in sorted_groups(batches, times, 4)]
    assert groups[0].tolist() == [0, 1, 2, 3, 4]
    assert max(len(group) for group in groups) <= ROW_GROUP_ROWS
    assert len(groups) == 3
    assert (np.concatenate(groups) == np.arange(len(times))).all()


def test_batches_that_share_a_growing_dictionary_are_joined_by_it() -> None:
    names = ["a", "b"]
    batches = [
        pa.record_batch({"t": [2], "n": pa.DictionaryArray.from_arrays([0], names[:1])}),
        pa.record_batch({"t": [1], "n": pa.DictionaryArray.from_arrays([1], names)}),
    ]
    (group,) = sorted_groups(batches, np.array([2, 1]), 0)
    assert group.to_pydict() == {"t": [1, 2], "n": ["b", "a"]}


def test_files_are_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        series = record_trace(tmp_path, make_trace(tokens=3))
    finally:
        os.umask(before)
    assert {(tmp_path / entry.file).stat().st_mode & 0o777 for entry in series} == {0o600}
    assert (tmp_path / "spans").stat().st_mode & 0o777 == 0o700
