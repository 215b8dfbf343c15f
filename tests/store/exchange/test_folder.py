from __future__ import annotations

import os
from pathlib import Path

import pytest

from assay.record.run import RUN_FILE
from assay.store.exchange import folder as subject
from assay.store.exchange.folder import check_folder, read_record
from tests.store.exchange.folders import SAMPLE, copy_of_sample, relist


def test_the_record_of_a_folder_is_read(tmp_path: Path) -> None:
    assert read_record(copy_of_sample(tmp_path), "x") == SAMPLE


def test_a_wrong_size_is_named_without_reading_the_file(tmp_path: Path) -> None:
    folder = copy_of_sample(tmp_path)
    os.truncate(folder / "spans.parquet", 1 << 40)
    (problem,) = check_folder(folder, "run").problems
    assert problem.startswith(f"run/{RUN_FILE}#/series/0/size_bytes: spans.parquet has 1099511627776 bytes, not ")


def test_a_sparse_file_of_the_right_size_is_not_read(tmp_path: Path) -> None:
    folder = copy_of_sample(tmp_path)
    os.truncate(folder / "raw/rusage/usage.json", 100 << 20)
    relist(folder, "raw/rusage/usage.json")
    (problem,) = check_folder(folder, "run").problems
    assert "#/artifacts/0/file: raw/rusage/usage.json is sparse" in problem


def test_every_entry_that_the_record_does_not_list_is_named(tmp_path: Path) -> None:
    folder = copy_of_sample(tmp_path)
    (folder / "more" / "inner").mkdir(parents=True)
    (folder / "raw" / "extra").touch()
    (folder / "raw" / "rusage" / "link").symlink_to("usage.json")
    assert sorted(problem.partition("; ")[0] for problem in check_folder(folder, "run").problems) == [
        "run/more#/artifacts: the record lists nothing in this folder",
        "run/raw/extra#/artifacts: the record does not list this file",
        "run/raw/rusage/link#/artifacts: a link, where only files may be",
    ]


def test_a_link_in_place_of_a_folder_is_not_entered(tmp_path: Path) -> None:
    folder = copy_of_sample(tmp_path)
    (folder / "raw").rename(tmp_path / "raw")
    (folder / "raw").symlink_to(tmp_path / "raw")
    problems = check_folder(folder, "run").problems
    assert "run/raw#/artifacts: a link, where only files may be; remove it" in problems
    assert any("#/artifacts/0/file: raw/rusage/usage.json can't be read" in problem for problem in problems)


def test_the_number_of_entries_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = copy_of_sample(tmp_path)
    monkeypatch.setattr(subject, "ENTRIES_MAX", 2)
    assert "more than 2 files and folders" in check_folder(folder, "run").problems[-1]
