from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import RecordError, StoreError
from assay.record.base import Measured
from assay.store import StoredRun, open_store
from tests.stores import fill


def run_in(root: Path, *, spans: int = 0) -> StoredRun:
    (ulid,) = fill(root, spans=spans)
    return open_store(root).get(ulid)


def test_metrics_are_those_of_the_whole_run(tmp_path: Path) -> None:
    run = run_in(tmp_path)
    assert run.metrics["wall_s"] == Measured(value=2.0, by="CLOCK_MONOTONIC")
    assert "gpu_energy_j" not in run.metrics


def test_spans_and_their_percentiles_are_read(tmp_path: Path) -> None:
    run = run_in(tmp_path, spans=10)
    assert run.spans(["start_ns", "wall_ns"]).to_pydict() == {"start_ns": list(range(10)), "wall_ns": [5] * 10}
    (row,) = run.percentiles(by=("step",), q=(0.5,), exact=True)
    assert (row.count, row.percentiles_ns) == (10, (5.0,))
    assert list((tmp_path / "tmp").iterdir()) == []
    assert list(run.problems()) == []


def test_a_file_of_the_run_is_found_by_its_name_in_the_record(tmp_path: Path) -> None:
    run = run_in(tmp_path, spans=1)
    file = run.record.series[0].file
    assert run.file(file).read_bytes()
    with pytest.raises(StoreError, match="no file"):
        run.file("../../../etc/passwd")


@pytest.mark.parametrize("harm", ["change", "cut", "remove", "link"])
def test_a_changed_file_is_a_problem(tmp_path: Path, harm: str) -> None:
    run = run_in(tmp_path, spans=1)
    file = run.folder / run.record.series[0].file
    data = file.read_bytes()
    file.unlink()
    if harm == "change":
        file.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    elif harm == "cut":
        file.write_bytes(data[:-1])
    elif harm == "link":
        (tmp_path / "same").write_bytes(data)
        file.symlink_to(tmp_path / "same")
    (problem,) = open_store(tmp_path).get(run.id).problems()
    assert str(file) in problem


def test_a_record_of_another_run_is_refused(tmp_path: Path) -> None:
    first, second = fill(tmp_path, count=2)
    (tmp_path / "runs" / first / "run.json").write_bytes((tmp_path / "runs" / second / "run.json").read_bytes())
    with pytest.raises(RecordError, match=second):
        _ = open_store(tmp_path).get(first).record


def test_a_broken_record_is_one_line_that_names_its_file(tmp_path: Path) -> None:
    run = run_in(tmp_path)
    (run.folder / "run.json").write_text('{"id": 5')
    with pytest.raises(RecordError, match=r"run\.json") as caught:
        _ = open_store(tmp_path).get(run.id).record
    assert "\n" not in str(caught.value)
