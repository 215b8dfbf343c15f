from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.record.arrow import HISTOGRAMS
from assay.stats.sketch import keys_of
from assay.store.spans import histogram
from assay.store.spans.histogram import Histogram, bins_of, merge_bins
from assay.store.spans.reader import read_spans
from tests.store.spans.traces import make_trace, record_trace


def _spans(folder: Path, seed: int) -> pa.Table:
    folder.mkdir()
    record_trace(folder, make_trace(seed=seed))
    return read_spans(folder)


def test_counts_totals_and_extremes_per_bin_are_exact(tmp_path: Path) -> None:
    spans = _spans(tmp_path / "a", 0)
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    keys = keys_of(spans["wall_ns"].to_numpy())
    for row, key in zip(spans.select(["phase", "step", "layer", "device", "wall_ns"]).to_pylist(), keys, strict=True):
        groups[row["phase"], row["step"], row["layer"], row["device"], int(key)].append(row["wall_ns"])
    found = {tuple(row.values())[:5]: tuple(row.values())[5:] for row in bins_of(spans).to_pylist()}
    assert found == {cell: (len(ns), sum(ns), min(ns), max(ns)) for cell, ns in groups.items()}


@pytest.mark.parametrize("slots", [1, 1 << 22])
def test_histograms_of_parts_merge_to_the_histogram_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slots: int
) -> None:
    monkeypatch.setattr(histogram, "_DENSE_SLOTS", slots)
    monkeypatch.setattr(histogram, "_COMPACT_ROWS", 50)
    spans = [_spans(tmp_path / str(seed), seed) for seed in range(3)]
    whole = merge_bins([bins_of(pa.concat_tables(spans).unify_dictionaries())])
    gathered = Histogram()
    for table in spans:
        gathered.add(table)
    assert gathered.table().equals(whole)
    assert merge_bins([merge_bins([bins_of(spans[2])]), merge_bins([bins_of(t) for t in spans[:2]])]).equals(whole)


def test_two_runs_merge_in_plain_sql(tmp_path: Path) -> None:
    spans = [_spans(tmp_path / str(seed), seed) for seed in range(2)]
    files = [str(tmp_path / str(seed) / "hist.parquet") for seed in range(2)]
    query = "SELECT step, sum(count)::BIGINT, sum(total_ns)::BIGINT FROM read_parquet(?) GROUP BY step"
    found = {step: (count, total) for step, count, total in duckdb.execute(query, [files]).fetchall()}
    plain = [table.select(["wall_ns"]).append_column("step", table["step"].cast("string")) for table in spans]
    both = pa.concat_tables(plain)
    for row in both.group_by("step").aggregate([("wall_ns", "count"), ("wall_ns", "sum")]).to_pylist():
        assert found.pop(row["step"]) == (row["wall_ns_count"], row["wall_ns_sum"])
    assert found == {}


def test_a_duration_of_zero_and_the_longest_possible_have_bins() -> None:
    spans = pa.table(
        {
            "phase": pa.array(["none"] * 2).dictionary_encode(),
            "step": pa.array(["s"] * 2).dictionary_encode(),
            "layer": pa.nulls(2, pa.int16()),
            "device": pa.array(["cpu:0"] * 2).dictionary_encode(),
            "wall_ns": np.array([0, 2**63 - 1]),
        }
    )
    table = merge_bins([bins_of(spans)])
    assert table["bin"].to_pylist()[0] == -1
    assert table["max_ns"].to_pylist() == [0, 2**63 - 1]


def test_no_spans_make_an_empty_table_of_the_schema(tmp_path: Path) -> None:
    assert Histogram().table().schema.equals(HISTOGRAMS, check_metadata=True)
    record_trace(tmp_path, make_trace())
    assert pq.read_schema(tmp_path / "hist.parquet").equals(HISTOGRAMS)
