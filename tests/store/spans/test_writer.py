from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from assay.errors import RecordError
from assay.record.enums import SeriesKind
from assay.store.spans.reader import read_samples, read_spans
from assay.store.spans.writer import SpanWriter, recover
from tests.store.spans.traces import PER_TOKEN, make_trace, record_samples, record_trace, run_until_killed


@pytest.mark.parametrize("pieces", [1, 7])
def test_what_was_recorded_comes_back_equal_and_in_order_of_time(tmp_path: Path, pieces: int) -> None:
    trace = make_trace()
    record_trace(tmp_path, trace, pieces)
    table = read_spans(tmp_path)
    order = trace["start_ns"].argsort(kind="stable")
    for name in ("token", "start_ns", "wall_ns", "cpu_ns", "flops"):
        assert table[name].to_pylist() == trace[name][order].tolist()
    for name in ("step", "layer"):
        assert table[name].to_pylist() == trace[name].take(order).to_pylist()
    assert set(table["phase"].to_pylist()) == {"decode"}
    assert set(table["thread"].to_pylist()) == {77}
    assert table["kernel"].null_count == table.num_rows


def test_the_series_name_every_file_with_its_rows_size_and_hash(tmp_path: Path) -> None:
    series = record_trace(tmp_path, make_trace(tokens=10))
    assert [(entry.kind, entry.file) for entry in series] == [
        (SeriesKind.SPANS, "spans/part-00000.parquet"),
        (SeriesKind.HISTOGRAMS, "hist.parquet"),
    ]
    assert series[0].rows == 10 * PER_TOKEN
    for entry in series:
        data = (tmp_path / entry.file).read_bytes()
        assert entry.size_bytes == len(data)
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()) == sorted(
        entry.file for entry in series
    )


def test_single_rows_and_arrays_mix(tmp_path: Path) -> None:
    writer = SpanWriter(tmp_path)
    writer.append(step="run", start_ns=5, wall_ns=10)
    writer.append(step="Attention", start_ns=[6, 7], wall_ns=[1, 2], layer=3)
    writer.append(step="run", start_ns=8, wall_ns=1, phase="decode", cpu_ns=1)
    writer.finalise()
    rows = read_spans(tmp_path, ["step", "phase", "layer", "device", "wall_ns", "cpu_ns"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("run", "none", None, "cpu:0", 10, None),
        ("Attention", "none", 3, "cpu:0", 1, None),
        ("Attention", "none", 3, "cpu:0", 2, None),
        ("run", "decode", None, "cpu:0", 1, 1),
    ]


def test_an_empty_run_has_no_files_and_reads_as_an_empty_table(tmp_path: Path) -> None:
    assert SpanWriter(tmp_path).finalise() == ()
    assert list(tmp_path.iterdir()) == []
    assert read_spans(tmp_path).num_rows == 0
    assert recover(tmp_path) == ()


def test_a_writer_without_rows_imports_neither_pyarrow_nor_numpy(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from assay.store.spans.writer import SpanWriter, recover;"
        "SpanWriter(Path(sys.argv[1])).finalise(); recover(Path(sys.argv[1]));"
        "sys.exit(bool({'pyarrow', 'numpy', 'duckdb'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False).returncode == 0


def test_samples_come_back_in_order_of_time(tmp_path: Path) -> None:
    (series,) = record_samples(tmp_path)
    assert (series.file, series.kind, series.rows) == ("samples.parquet", SeriesKind.SAMPLES, 3)
    table = read_samples(tmp_path)
    assert table["time_ns"].to_pylist() == [10, 20, 30]
    assert table["value"].to_pylist() == [1.0, None, 3.0]


def test_rows_reach_the_stream_within_seconds_without_another_call(tmp_path: Path) -> None:
    writer = SpanWriter(tmp_path)
    writer.append(step="run", start_ns=1, wall_ns=1)
    stream = tmp_path / "spans.arrows"
    deadline = time.monotonic() + 20
    while not (stream.exists() and stream.stat().st_size > 1000) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert recover_copy(tmp_path) == 1
    writer.close()


def recover_copy(folder: Path) -> int:
    copy = folder / "copy"
    copy.mkdir()
    (copy / "spans.arrows").write_bytes((folder / "spans.arrows").read_bytes())
    return recover(copy)[0].rows


def test_what_was_flushed_before_a_kill_is_recovered(tmp_path: Path) -> None:
    run_until_killed(
        "import os, signal, sys; from pathlib import Path; from assay.store.spans.writer import *;"
        "spans, samples = SpanWriter(Path(sys.argv[1])), SampleWriter(Path(sys.argv[1]));"
        "[spans.append(step=f'step {i}', start_ns=i, wall_ns=1) for i in range(100)]; spans.flush();"
        "samples.append(time_ns=1, name='power_w', value=2.0); samples.flush();"
        "spans.append(step='lost', start_ns=999, wall_ns=1); os.kill(os.getpid(), signal.SIGKILL)",
        tmp_path,
    )
    series = recover(tmp_path)
    assert [(entry.kind, entry.rows) for entry in series if entry.kind is not SeriesKind.HISTOGRAMS] == [
        (SeriesKind.SPANS, 100),
        (SeriesKind.SAMPLES, 1),
    ]
    assert read_spans(tmp_path)["step"].to_pylist() == [f"step {i}" for i in range(100)]
    assert recover(tmp_path) == series


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        ({"step": "x", "start_ns": 1, "wall_ns": 1, "wal_ns": 1}, "wall_ns"),
        ({"step": "x", "start_ns": [1, 2], "wall_ns": [1]}, "unequal"),
        ({"step": "x", "start_ns": [1], "wall_ns": [-1]}, "negative"),
        ({"step": "x", "start_ns": ["a"], "wall_ns": [1]}, "start_ns"),
        ({"start_ns": [1], "wall_ns": [1]}, "step"),
        ({"step": [3], "start_ns": [1], "wall_ns": [1]}, "step"),
        ({"step": "x", "start_ns": [1], "wall_ns": [1], "layer": [70_000]}, "layer"),
    ],
)
def test_wrong_columns_are_refused_by_name(tmp_path: Path, columns: dict[str, object], names: str) -> None:
    writer = SpanWriter(tmp_path)
    with pytest.raises(RecordError, match=names):
        _append_and_ask(writer, columns)
    writer.close()


def _append_and_ask(writer: SpanWriter, columns: dict[str, object]) -> None:
    """Single rows are looked at when they are flushed, and the next call tells."""
    writer.append(**columns)
    writer.flush()
    writer.append(step="next", start_ns=1, wall_ns=1)


def test_a_wrong_row_costs_itself_alone(tmp_path: Path) -> None:
    writer = SpanWriter(tmp_path)
    writer.append(step="good", start_ns=1, wall_ns=1)
    writer.append(step="bad", start_ns=2, wall_ns=-1)
    writer.append(step="good", start_ns=3, wall_ns=1)
    writer.flush()
    with pytest.raises(RecordError, match="negative"):
        writer.finalise()
    assert next(entry.rows for entry in writer.finalise()) == 2
