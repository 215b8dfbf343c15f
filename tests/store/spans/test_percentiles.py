from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from assay.errors import RecordError
from assay.record.enums import Percentiles
from assay.store.spans.percentiles import GROUPS, percentiles
from assay.store.spans.reader import read_spans
from assay.store.spans.writer import SpanWriter
from tests.store.spans.traces import make_trace, record_trace

Q = (0.0, 0.1, 0.5, 0.9, 0.99, 1.0)
BY = [("step", "layer"), ("step",), ("thread", "op"), ("kernel", "step"), ("token",)]


@pytest.mark.parametrize("by", BY)
def test_exact_percentiles_are_those_of_numpy(tmp_path: Path, by: tuple[str, ...]) -> None:
    record_trace(tmp_path, make_trace())
    table = read_spans(tmp_path)
    for row in percentiles(tmp_path, by, Q, exact=True):
        durations = _durations(table, by, row.cell)
        assert row.percentiles_ns == pytest.approx(np.quantile(durations, Q), abs=1e-6)
        assert (row.count, row.total_ns, row.min_ns, row.max_ns) == (
            len(durations),
            sum(durations),
            min(durations),
            max(durations),
        )
        assert row.method is Percentiles.EXACT


@pytest.mark.parametrize("by", BY)
def test_percentiles_of_the_sketch_keep_their_stated_error(tmp_path: Path, by: tuple[str, ...]) -> None:
    record_trace(tmp_path, make_trace())
    table = read_spans(tmp_path)
    rows = percentiles(tmp_path, by, Q)
    assert sum(row.count for row in rows) == table.num_rows
    for row in rows:
        durations = np.sort(_durations(table, by, row.cell))
        true = durations[np.floor(np.array(Q) * (len(durations) - 1)).astype(int)]
        assert np.abs(np.array(row.percentiles_ns) / true - 1).max() <= row.relative_error + 1e-9


def _durations(table: pa.Table, by: tuple[str, ...], cell: tuple[object, ...]) -> list[int]:
    rows = table.select([*by, "wall_ns"]).to_pylist()
    return [row["wall_ns"] for row in rows if tuple(row[name] for name in by) == cell]


def test_every_group_can_be_asked_by_and_nothing_else(tmp_path: Path) -> None:
    record_trace(tmp_path, make_trace(tokens=2))
    for name in GROUPS:
        assert percentiles(tmp_path, (name,))
    for by in [("wall_ns",), ("1; DROP TABLE x",), (), ("step", "step")]:
        with pytest.raises(RecordError):
            percentiles(tmp_path, by)
    with pytest.raises(RecordError, match="quantile"):
        percentiles(tmp_path, q=(1.5,))


def test_a_run_without_spans_has_no_percentiles(tmp_path: Path) -> None:
    assert percentiles(tmp_path) == ()
    assert percentiles(tmp_path, exact=True) == ()


def test_a_histogram_that_does_not_fit_the_spans_is_an_error(tmp_path: Path) -> None:
    record_trace(tmp_path, make_trace(tokens=50))
    other = tmp_path / "other"
    other.mkdir()
    writer = SpanWriter(other)
    writer.append(step="Attention", start_ns=np.arange(9), wall_ns=7)
    writer.finalise()
    (other / "hist.parquet").replace(tmp_path / "hist.parquet")
    with pytest.raises(RecordError, match="do not fit"):
        percentiles(tmp_path, exact=True)
