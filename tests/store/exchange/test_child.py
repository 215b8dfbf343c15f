from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.record.arrow import SPANS
from assay.record.enums import SeriesKind
from assay.record.sample import SAMPLE_FOLDER
from assay.store.exchange.child import caller, worker
from assay.store.exchange.child.caller import inspect_series, run_job
from assay.store.exchange.child.job import Answer, Job, Table
from assay.store.exchange.child.tables import problem_of
from tests.store.exchange.folders import SAMPLE


def problem_with(path: Path, rows: int = 3, kind: SeriesKind = SeriesKind.SPANS) -> str:
    with path.open("rb") as file:
        return problem_of(Table(descriptor=file.fileno(), kind=kind, rows=rows))


def test_a_good_series_has_no_problem() -> None:
    assert problem_with(SAMPLE_FOLDER / "spans.parquet") == ""


def test_rows_kind_and_form_are_compared() -> None:
    path = SAMPLE_FOLDER / "spans.parquet"
    assert problem_with(path, rows=4) == "3 rows, not 4"
    assert problem_with(path, kind=SeriesKind.SAMPLES) == "this is no table of samples"
    assert problem_with(SAMPLE_FOLDER / "run.json") == "not a Parquet file"


def test_nulls_in_a_required_column_are_found(tmp_path: Path) -> None:
    row = {"step": "a", "phase": "decode", "device": "cpu:0", "start_ns": 1, "wall_ns": None}
    nullable = pa.schema([field.with_nullable(True) for field in SPANS], metadata=SPANS.metadata)
    pq.write_table(pa.Table.from_pylist([row], schema=nullable), tmp_path / "spans.parquet")
    assert problem_with(tmp_path / "spans.parquet", rows=1) != ""


def test_the_child_answers_for_every_series() -> None:
    assert inspect_series(SAMPLE_FOLDER, SAMPLE.series) == [""]
    assert inspect_series(SAMPLE_FOLDER, ()) == []
    wrong = msgspec.structs.replace(SAMPLE.series[0], rows=5)
    assert inspect_series(SAMPLE_FOLDER, (SAMPLE.series[0], wrong)) == ["", "3 rows, not 5"]


def test_a_child_that_dies_is_an_answer() -> None:
    table = Table(descriptor=10_000, kind=SeriesKind.SPANS, rows=1)
    (answer,) = run_job(Job(tables=(table,), cpu_s=4), []).problems
    assert answer == "reading it breaks the reader or needs more memory than such a file may"


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller, "_GRACE_S", -7.9)
    with (SAMPLE_FOLDER / "spans.parquet").open("rb") as file:
        table = Table(descriptor=file.fileno(), kind=SeriesKind.SPANS, rows=3)
        assert run_job(Job(tables=(table,), cpu_s=4), [file.fileno()]).problems == ("reading it takes too long",)


def test_a_child_imports_nothing_from_the_folder_it_is_started_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "msgspec.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    assert inspect_series(SAMPLE_FOLDER, SAMPLE.series) == [""]


def test_a_failed_job_has_an_answer_per_table() -> None:
    tables = tuple(Table(descriptor=number, kind=SeriesKind.SPANS, rows=1) for number in range(3))
    assert Job(tables=tables, cpu_s=1).failed("no").problems == ("no", "no", "no")
    assert Job(cpu_s=1).failed("no").problems == ("no",)


def test_the_worker_bounds_its_memory_and_time_for_good() -> None:
    code = (
        "import resource; from assay.store.exchange.child.worker import limit; limit(7);"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[1], resource.getrlimit(resource.RLIMIT_DATA)[1])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["7", str(worker.HEAP_BYTES)]
    assert resource.getrlimit(resource.RLIMIT_DATA)[1] != worker.HEAP_BYTES


def test_the_worker_does_one_job(monkeypatch: pytest.MonkeyPatch) -> None:
    descriptor = os.open(SAMPLE_FOLDER / "spans.parquet", os.O_RDONLY)
    job = Job(tables=(Table(descriptor=descriptor, kind=SeriesKind.SPANS, rows=3),), cpu_s=60)
    out = io.BytesIO()
    monkeypatch.setattr(worker, "limit", lambda _: None)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(msgspec.json.encode(job))))
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(out))
    worker.main()
    os.close(descriptor)
    assert msgspec.json.decode(out.getvalue(), type=Answer) == Answer(problems=("",))
