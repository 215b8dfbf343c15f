from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.errors import RecordError
from assay.record.arrow import SPANS
from assay.record.enums import SeriesKind
from assay.store.spans import recording
from assay.store.spans.percentiles import percentiles
from assay.store.spans.reader import SPANS_READ, read_samples, read_spans, series_files
from tests.store.spans.traces import LAYERS, PER_TOKEN, make_trace, record_samples, record_trace

PART = "spans/part-00000.parquet"


def test_a_slice_holds_what_was_asked_and_nothing_else(tmp_path: Path) -> None:
    trace = make_trace()
    record_trace(tmp_path, trace)
    assert read_spans(tmp_path, ["token"], tokens=(10, 12))["token"].to_pylist() == sorted([10, 11, 12] * PER_TOKEN)
    assert read_spans(tmp_path, ["wall_ns"], step="FFN", layer=1).num_rows == 50
    assert read_spans(tmp_path, ["wall_ns"], layer=LAYERS).num_rows == 0
    begin, end = sorted(trace["start_ns"].tolist())[5], sorted(trace["start_ns"].tolist())[9]
    assert read_spans(tmp_path, ["start_ns"], time_ns=(begin, end)).num_rows == 4


def test_all_columns_are_those_of_the_schema_and_cpu_time(tmp_path: Path) -> None:
    assert read_spans(tmp_path).schema.names == SPANS_READ.names
    record_trace(tmp_path, make_trace())
    assert read_spans(tmp_path).schema.names == SPANS_READ.names


def test_an_unknown_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="colour"):
        read_spans(tmp_path, ["colour"])


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_truncated_file_is_one_line_that_names_it(tmp_path: Path, share: float) -> None:
    record_trace(tmp_path, make_trace())
    record_samples(tmp_path)
    for file in (PART, "samples.parquet", "hist.parquet"):
        data = (tmp_path / file).read_bytes()
        (tmp_path / file).write_bytes(data[: int(len(data) * share)])
    for read in (read_spans, read_samples, percentiles):
        with pytest.raises(RecordError) as caught:
            read(tmp_path)
        text = str(caught.value)
        assert str(tmp_path) in text
        assert len(text.splitlines()) == 1
        assert len(text) <= 500


def test_damage_inside_a_file_is_an_error_or_harmless(tmp_path: Path) -> None:
    record_trace(tmp_path, make_trace())
    data = (tmp_path / PART).read_bytes()
    for place in range(4, len(data), 97):
        (tmp_path / PART).write_bytes(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
        messages = []
        try:
            read_spans(tmp_path)
            percentiles(tmp_path, exact=True)
        except RecordError as error:
            messages.append(str(error))
        assert all(len(message.splitlines()) == 1 for message in messages)


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        (SPANS.with_metadata({"assay.kind": "samples", "assay.schema_version": "1.0"}), "no table of spans"),
        (SPANS.with_metadata({"assay.kind": "spans", "assay.schema_version": "9.9"}), "9.9"),
        (SPANS.set(9, pa.field("start_ns", pa.int32(), nullable=False)), "start_ns"),
        (SPANS.append(pa.field("more", pa.int8())), "more columns"),
        (SPANS.with_metadata(None), "no table of spans"),
    ],
)
def test_a_file_of_another_schema_is_refused(tmp_path: Path, schema: pa.Schema, says: str) -> None:
    (tmp_path / "spans").mkdir()
    pq.write_table(schema.empty_table(), tmp_path / PART)
    with pytest.raises(RecordError, match=says):
        read_spans(tmp_path)


@pytest.mark.parametrize("strange", ["link", "pipe", "folder", "linked folder"])
def test_links_and_pipes_in_place_of_files_are_refused_unopened(tmp_path: Path, strange: str) -> None:
    run, outside = tmp_path / "run", tmp_path / "outside"
    for folder in (run, outside):
        folder.mkdir()
        record_trace(folder, make_trace(tokens=2))
    (run / PART).unlink()
    if strange == "link":
        (run / PART).symlink_to(outside / PART)
    elif strange == "pipe":
        os.mkfifo(run / PART)
    elif strange == "folder":
        (run / PART).mkdir()
    else:
        (run / "spans").rmdir()
        (run / "spans").symlink_to(outside / "spans")
    for read in (read_spans, lambda folder: percentiles(folder, exact=True)):
        with pytest.raises(RecordError, match="no plain file or folder"):
            read(run)


def test_only_files_that_can_hold_the_rows_are_opened_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "BATCH_ROWS", 12)
    monkeypatch.setattr(recording, "SEGMENT_ROWS", 120)
    record_trace(tmp_path, make_trace(), pieces=25)
    for ranges, parts in [({"token": (12, 13)}, 1), ({"token": (8, 25)}, 3), ({"token": (99, 99)}, 0), (None, 5)]:
        assert len(series_files(tmp_path, SeriesKind.SPANS, ranges)) == parts


def test_a_slice_reads_only_the_row_groups_that_can_hold_it(tmp_path: Path) -> None:
    record_trace(tmp_path, make_trace())
    file = pq.ParquetFile(tmp_path / PART).metadata.row_group(0)
    for name in ("token", "start_ns", "layer"):
        statistics = file.column(SPANS.names.index(name)).statistics
        assert statistics.has_min_max
