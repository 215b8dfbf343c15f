from __future__ import annotations

from pathlib import Path

import pytest

from assay.record.codec import encode_run
from assay.record.run import RUN_FILE
from assay.record.sample import FILE_VARIATIONS, SAMPLE_FOLDER, FileVariation
from assay.store.exchange import validate
from tests.makers import make_run
from tests.store.exchange.folders import SAMPLE, copy_of_sample, damage


def test_the_sample_is_valid_with_all_of_its_files() -> None:
    report = validate(SAMPLE_FOLDER)
    assert report.problems == ()
    assert (report.valid, report.files_checked, report.run) == (True, 2, SAMPLE)


@pytest.mark.parametrize("variation", FILE_VARIATIONS, ids=lambda variation: str(variation.id))
def test_every_documented_variation_of_the_files_is_refused(variation: FileVariation, tmp_path: Path) -> None:
    folder = copy_of_sample(tmp_path)
    damage(folder, variation)
    report = validate(folder)
    assert not report.valid
    assert any(variation.message in problem for problem in report.problems), report.problems
    assert all(problem.startswith(str(tmp_path)[:20]) or "…" in problem for problem in report.problems)


def test_a_record_on_its_own_is_checked_without_its_files(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(encode_run(make_run()))
    report = validate(path)
    assert (report.valid, report.files_checked) == (True, 0)


def test_what_is_not_there_or_no_run_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("hello")
    (tmp_path / "nothing").touch()
    problems = {name: validate(tmp_path / name).problems[0] for name in ("gone", "empty", "text", "nothing")}
    assert "No such file" in problems["gone"]
    assert "No such file" in problems["empty"]
    assert "malformed" in problems["text"]
    assert "ends too early" in problems["nothing"]


def test_all_problems_are_listed_up_to_a_bound(tmp_path: Path) -> None:
    folder = copy_of_sample(tmp_path)
    for number in range(70):
        (folder / f"more{number}").touch()
    assert len(validate(folder).problems) == 50


def test_an_error_says_how_many_more_there_are(tmp_path: Path) -> None:
    folder = copy_of_sample(tmp_path)
    (folder / "one").touch()
    (folder / "two").touch()
    assert str(validate(folder).error()).endswith("(and 1 more)")


def test_a_folder_of_another_owner_is_left_as_it_was(tmp_path: Path) -> None:
    folder = copy_of_sample(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    validate(folder)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert (folder / RUN_FILE).read_bytes() == (SAMPLE_FOLDER / RUN_FILE).read_bytes()
