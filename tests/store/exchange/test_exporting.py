from __future__ import annotations

import tarfile
from pathlib import Path

import duckdb
import pytest

from assay.errors import StoreError, UsageError
from assay.record.sample import SAMPLE_FOLDER
from assay.store.exchange import FORMATS, export, validate
from assay.store.run import StoredRun
from tests.store.exchange.folders import SAMPLE

RUN = StoredRun(SAMPLE_FOLDER)


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_is_valid_and_holds_the_same_run(suffix: str, tmp_path: Path) -> None:
    report = validate(export(RUN, tmp_path / f"run{suffix}"))
    assert report.problems == ()
    assert report.run == SAMPLE


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_run_gives_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    one, two = (export(RUN, tmp_path / f"{name}{suffix}").read_bytes() for name in ("one", "two"))
    assert one == two


def test_an_archive_begins_with_the_record_and_holds_nothing_of_its_maker(tmp_path: Path) -> None:
    with tarfile.open(export(RUN, tmp_path / "run.tar.gz")) as archive:
        members = archive.getmembers()
    names = [f"{SAMPLE.id}/{name}" for name in ("run.json", "raw/rusage/usage.json", "spans.parquet")]
    assert [member.name for member in members] == names
    assert {(member.uid, member.uname, member.mode) for member in members} == {(0, "", 0o600)}


def test_a_parquet_export_has_real_columns(tmp_path: Path) -> None:
    path = export(RUN, tmp_path / "run.parquet")
    query = f"SELECT id, plan.target.name, metrics[1].value.value, len(files) FROM '{path}'"  # noqa: S608
    assert duckdb.connect().execute(query).fetchall() == [(SAMPLE.id, "sample", 2.0, 2)]


def test_a_name_of_no_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"end the name in one of: .tar, .tar.gz"):
        export(RUN, tmp_path / "run.zip")
    with pytest.raises(UsageError):
        export(RUN, tmp_path / ".tar")


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text("mine")
    with pytest.raises(StoreError, match="there is a file of this name already"):
        export(RUN, path)
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_an_error_of_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot export a run: No such file"):
        export(RUN, tmp_path / "gone" / "run.json")


def test_files_too_large_for_parquet_are_refused_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.store.exchange.nested.writing.NESTED_BYTES_MAX", 10)
    with pytest.raises(Exception, match=r"export it as .tar.zst"):
        export(RUN, tmp_path / "run.parquet")
    assert list(tmp_path.iterdir()) == []
