from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from assay.record.codec import encode_run
from assay.record.run import RUN_FILE
from assay.record.sample import FILE_VARIATIONS, SAMPLE_FOLDER, FileVariation
from assay.store.exchange import validate
from tests.makers import HASH, make_run
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


FACTS = ("workload_sha256", "configuration_sha256", "machine_sha256", "exact_sha256")


@pytest.mark.parametrize("field", FACTS)
def test_a_fingerprint_that_is_not_that_of_the_record_is_refused(field: str, tmp_path: Path) -> None:
    run = make_run()
    path = tmp_path / "a.json"
    path.write_bytes(encode_run(structs.replace(run, fingerprints=structs.replace(run.fingerprints, **{field: HASH}))))
    assert validate(path).problems == (
        f"{path}#/fingerprints/{field}: not the hash of what the record says; restore the file",
    )


def test_a_folder_whose_record_was_given_another_plan_is_refused(tmp_path: Path) -> None:
    folder = copy_of_sample(tmp_path)
    plan = structs.replace(SAMPLE.plan, repetitions=5)
    (folder / RUN_FILE).write_bytes(encode_run(structs.replace(SAMPLE, plan=plan)))
    assert [problem.partition("#")[2].partition(":")[0] for problem in validate(folder).problems] == [
        "/fingerprints/configuration_sha256",
        "/fingerprints/exact_sha256",
    ]


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
