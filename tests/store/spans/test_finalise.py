from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assay.record.enums import SeriesKind
from assay.store.spans import recording
from assay.store.spans.convert import Converter
from assay.store.spans.reader import read_spans
from assay.store.spans.writer import SpanWriter, recover
from tests.store.spans.traces import cut, make_trace, run_until_killed

TRACE = make_trace(tokens=41)
ROWS = len(TRACE["wall_ns"])


def _killed_draft(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams as a killed process leaves them: four full ones, and one that was being written."""
    monkeypatch.setattr(recording, "SEGMENT_ROWS", 100)
    monkeypatch.setattr(recording, "BATCH_ROWS", 50)
    monkeypatch.setattr(Converter, "convert", lambda *_: None)
    writer = SpanWriter(folder)
    for begin in range(0, ROWS, 60):
        writer.append(**cut(TRACE, begin, begin + 60))
    writer.close()
    monkeypatch.undo()


def _check(folder: Path) -> None:
    series = recover(folder)
    assert sum(entry.rows for entry in series if entry.kind is SeriesKind.SPANS) == ROWS
    assert read_spans(folder)["start_ns"].to_pylist() == sorted(TRACE["start_ns"].tolist())
    assert not list(folder.glob("*.arrows"))


def test_full_and_unfinished_streams_are_all_recovered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _killed_draft(tmp_path, monkeypatch)
    assert len(list(tmp_path.glob("*.arrows"))) == 5
    _check(tmp_path)


@pytest.mark.parametrize("done", range(6))
def test_recovery_that_is_killed_after_any_part_is_taken_up_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    _killed_draft(tmp_path, monkeypatch)
    streams = {path.name: path.read_bytes() for path in tmp_path.glob("*.arrows")}
    recover(tmp_path)
    parts = sorted(tmp_path.glob("spans/*.parquet"))
    for part in parts[done:]:
        part.unlink()
    (tmp_path / "hist.parquet").unlink()
    (tmp_path / "hist.parquet.partial").write_text("torn")
    (tmp_path / "spans" / "part-00007.parquet.partial").write_text("torn")
    names = [f"spans-{i:05d}.arrows" for i in range(4)]
    for name in names[max(done - 1, 0) :]:  # the stream of the last part was still there
        (tmp_path / name).write_bytes(streams[name])
    if done < len(parts):
        (tmp_path / "spans.arrows").write_bytes(streams["spans.arrows"])
    _check(tmp_path)


def test_recovering_twice_gives_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _killed_draft(tmp_path, monkeypatch)
    shutil.copytree(tmp_path, tmp_path.with_suffix(".copy"))
    first = recover(tmp_path)
    assert recover(tmp_path) == first
    assert recover(tmp_path.with_suffix(".copy")) == first


def test_a_kill_between_a_part_and_the_removal_of_its_stream_counts_nothing_twice(tmp_path: Path) -> None:
    run_until_killed(
        "import os, signal, sys; from pathlib import Path; from assay.store.spans import convert;"
        "from assay.store.spans.writer import SpanWriter;"
        "convert.Path.unlink = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL);"
        "writer = SpanWriter(Path(sys.argv[1])); writer.append(step='a', start_ns=[1, 2], wall_ns=1);"
        "writer.finalise()",
        tmp_path,
    )
    assert list(tmp_path.glob("*.arrows"))
    assert list(tmp_path.glob("spans/*.parquet"))
    assert [entry.rows for entry in recover(tmp_path)] == [2, 1]
