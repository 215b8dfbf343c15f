from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from assay.analyze.evidence.tables import MOST_USED, as_table, read_table, runs_of_threads
from assay.errors import RecordError
from assay.record.diagnosis.raw import FILES
from tests.analyze.makers import table

_, FRAMES = FILES["frames"]


def batch(*functions: str) -> pa.RecordBatch:
    rows = [{"parent": -1, "function": function, "file": "a.py", "line": 1} for function in functions]
    return pa.RecordBatch.from_pylist(rows, schema=FRAMES)


def test_names_of_several_batches_share_one_list() -> None:
    joined = as_table([batch("a", "b"), batch("b", "c")], FRAMES, "test")
    assert [joined.text("function", row) for row in range(4)] == ["a", "b", "b", "c"]
    assert joined.names["function"] == ("a", "b", "c")


def test_a_table_without_rows_has_columns_all_the_same() -> None:
    empty = as_table([], FRAMES, "test")
    assert len(empty) == 0
    assert len(empty["line"]) == 0


def test_null_is_told_from_zero() -> None:
    found = table("threads", [{"time_ns": 1, "pid": 1, "tid": 1, "state": "R", "cpu_ns": 0, "call": None}])
    assert (found["cpu_ns"][0], found["call"][0], found["timed"][0], found.text("object", 0)) == (0, -1, -1, "")


def test_of_a_long_table_whole_moments_are_left_out_evenly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, schema = FILES["stacks"]
    rows = [
        {"time_ns": number * 10_000_000, "pid": 1, "tid": tid, "node": 0} for number in range(1000) for tid in (1, 2, 3)
    ]
    path = tmp_path / "stacks.arrows"
    with pa.ipc.new_stream(str(path), schema) as writer:
        writer.write_batch(pa.RecordBatch.from_pylist([{**dict.fromkeys(schema.names), **row} for row in rows], schema))
    assert len(read_table(path, "stacks")) == 3000
    monkeypatch.setitem(MOST_USED, "stacks", 1000)
    thinned = read_table(path, "stacks")
    assert len(thinned) == 3 * 334
    assert set(np.diff(thinned["time_ns"][thinned["tid"] == 2])) == {30_000_000}


def test_rows_of_a_thread_are_found() -> None:
    rows = [{"time_ns": time, "pid": 1, "tid": tid, "node": 0} for tid in (4, 5) for time in (1, 2, 3)]
    assert runs_of_threads(table("stacks", rows)) == [slice(0, 3), slice(3, 6)]
    assert runs_of_threads(table("stacks", [])) == []


def test_a_table_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.analyze.evidence.tables.MOST_ROWS", 3)
    with pytest.raises(RecordError, match="more than 3 rows"):
        as_table([batch("a", "b"), batch("b", "c")], FRAMES, "test")
