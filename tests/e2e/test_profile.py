"""A measured command behaves as if it were not measured, and leaves a run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from assay.record.documents import document_schema
from tests.e2e.program import User


@pytest.fixture
def user(tmp_path: Path) -> User:
    return User(tmp_path)


def record(user: User, reference: str = "@latest") -> dict[str, object]:
    found: dict[str, object] = json.loads(user.gets("runs", "show", reference, "--json"))
    return found


def test_input_output_and_status_are_the_target_s(user: User) -> None:
    done = user.does("profile", "-q", "--", "sh", "-c", "cat; echo problem >&2; exit 7", given="text\n")
    assert (done.returncode, done.stdout, done.stderr) == (7, "text\n", "problem\n")
    assert record(user)["status"] == "failed"


def test_words_of_the_target_are_not_assay_s(user: User) -> None:
    done = user.does("profile", "-q", "echo", "--help", "-v", "--store", "x", "--debug")
    assert (done.returncode, done.stdout) == (0, "--help -v --store x --debug\n")


def test_the_last_line_says_where_the_run_is_and_what_to_do_next(user: User) -> None:
    done = user.does("profile", "--tag", "first", "--name", "nothing", "--", "true")
    assert done.returncode == 0
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1] == "next: assay runs show first"
    assert "nothing" in user.gets("runs", "list")
    assert "wall_s" in user.gets("runs", "show", "first")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["sh", "-c", "kill -9 $$"], 137),
        (["./missing"], 127),
        (["no-such-program"], 127),
        (["/etc/passwd"], 126),
        (["/etc"], 126),
    ],
)
def test_the_status_tells_how_it_ended(user: User, words: list[str], status: int) -> None:
    done = user.does("profile", "--", *words)
    assert done.returncode == status
    assert "Traceback" not in done.stderr


def test_a_time_limit_ends_it_and_keeps_what_was_measured(user: User) -> None:
    assert user.does("profile", "--timeout", "0.3", "--", "sleep", "30").returncode == 124
    assert record(user)["status"] == "timed_out"


def test_an_interruption_keeps_the_partial_run(user: User) -> None:
    done = user.in_shell("timeout --foreground -s INT 8 assay profile -q -- sleep 30; echo $?")
    assert done.stdout == "124\n"
    assert record(user)["status"] == "interrupted"


@pytest.mark.parametrize(
    "words", [[], ["--nope", "--", "true"], ["--tag", "a b", "--", "true"], ["--timeout", "0", "x"]]
)
def test_what_assay_can_t_do_is_125(user: User, words: list[str]) -> None:
    done = user.does("profile", *words)
    assert done.returncode == 125
    assert done.stderr.count("\n") == 1
    assert not user.store.exists()


def test_a_store_that_can_t_be_written_is_125_and_nothing_is_started(user: User) -> None:
    user.store.write_text("no store", encoding="utf-8")
    done = user.does("profile", "--", "touch", "started")
    assert done.returncode == 125
    assert not (user.work / "started").exists()


def test_standard_output_stays_the_target_s_when_the_report_is_wanted(user: User) -> None:
    done = user.does("profile", "-q", "--json", "-o", "a.html", "-o", "a.json", "--", "sh", "-c", "echo text; exit 3")
    assert (done.returncode, done.stdout) == (3, "text\n")
    document = json.loads(done.stderr.splitlines()[-1])
    Draft202012Validator(document_schema("report")).validate(document)
    assert document["sides"][0]["runs"][0]["status_reason"] == "exit status 3"
    assert json.loads((user.work / "a.json").read_text(encoding="utf-8")) == document
    assert (user.work / "a.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_report_in_no_known_format_is_refused_before_anything_is_started(user: User) -> None:
    done = user.does("profile", "-o", "a.doc", "--", "touch", "started")
    assert done.returncode == 125
    assert "no report format has the ending '.doc'" in done.stderr
    assert not (user.work / "started").exists()
