from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assay.cli.start.guard import LONGEST_LINE, guarded, one_line
from assay.errors import AssayError, SettingsError, StoreError
from assay.settings.load import SeveralSettingsError


def fail_with(error: BaseException, words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    def action(_words: list[str]) -> int:
        raise error

    status = guarded(action, words)
    return status, capsys.readouterr().err


def test_an_error_is_one_line_of_where_what_and_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    error = StoreError("no run 'x'", where="store", remedy="see `assay runs list`")
    assert fail_with(error, ["runs"], capsys) == (2, "assay: store: no run 'x'; see `assay runs list`\n")


@pytest.mark.parametrize("options", [[], ["--store", "runs"], ["--store=runs", "-q"], ["--color", "never", "--debug"]])
def test_options_before_a_command_leave_its_status_as_it_is(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert fail_with(StoreError("no space"), [*options, "profile", "--", "true"], capsys)[0] == 125
    assert fail_with(StoreError("no space"), [*options, "runs", "list"], capsys)[0] == 2


def test_several_errors_of_configuration_are_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    both = SeveralSettingsError([SettingsError("one", where="a:1"), SettingsError("two", where="b:2")])
    assert fail_with(both, [], capsys) == (2, "assay: a:1: one\nassay: b:2: two\n")


@pytest.mark.parametrize("length", [400, 600, 100_000])
def test_a_line_has_at_most_five_hundred_characters_and_keeps_place_and_remedy(length: int) -> None:
    line = one_line(AssayError("x" * length, where="/store/run.json/" + "p" * (length // 2), remedy="do this"))
    assert len(f"assay: {line}") <= LONGEST_LINE
    assert line.startswith("/store/run.json/")
    assert line.endswith("; do this")


def test_control_characters_of_an_error_are_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    _, line = fail_with(StoreError("bad\n\x1b[2Jname \udcff"), [], capsys)
    assert line == "assay: bad\\n\\x1b[2Jname \\udcff\n"


def test_what_the_system_refuses_names_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    status, line = fail_with(PermissionError(13, "Permission denied", "/root/x"), [], capsys)
    assert (status, line.startswith("assay: /root/x: Permission denied; ")) == (2, True)


def test_a_defect_says_so_and_has_a_status_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    status, line = fail_with(ZeroDivisionError("by zero"), ["runs"], capsys)
    assert status == 70
    assert line == (
        "assay: this is a bug in Assay (ZeroDivisionError: by zero); run again with --debug and report it\n"
    )


def test_a_word_that_is_no_unicode_is_the_user_s_to_mend(capsys: pytest.CaptureFixture[str]) -> None:
    error = UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed")
    status, line = fail_with(error, ["runs", "show", "\udcff"], capsys)
    assert (status, line) == (2, "assay: \\udcff: not UTF-8, which only a path may be; write ./ before a path\n")
    assert fail_with(error, ["runs", "show", "x"], capsys)[0] == 70


def test_profile_leaves_the_statuses_of_its_target_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert fail_with(StoreError("full"), ["profile", "--", "x"], capsys)[0] == 125
    assert fail_with(ZeroDivisionError(), ["profile", "--", "x"], capsys)[0] == 125


def test_an_interruption_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert fail_with(KeyboardInterrupt(), [], capsys) == (130, "assay: interrupted\n")


@pytest.mark.parametrize(("words", "variable"), [(["runs", "--debug"], ""), (["runs"], "1")])
def test_a_traceback_is_shown_when_asked_for(
    words: list[str], variable: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSAY_DEBUG", variable)
    _, text = fail_with(StoreError("no"), words, capsys)
    assert "Traceback (most recent call last)" in text
    assert text.endswith("assay: no\n")


@pytest.mark.parametrize("words", [["runs"], ["profile", "--", "tool", "--debug"]])
def test_no_traceback_is_shown_otherwise(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    _, text = fail_with(StoreError("no"), words, capsys)
    assert text == "assay: no\n"


def run_assay(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assay", *words]
    return subprocess.run(command, text=True, check=False, stderr=subprocess.PIPE, **options)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("words", [["--help"], ["metrics"], ["metrics", "--json"]])
def test_a_full_disk_behind_stdout_is_an_error(words: list[str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = run_assay(*words, stdout=full)
    assert done.returncode == 2
    assert re.fullmatch(r"assay: .*No space left on device.*\n", done.stderr)


@pytest.mark.parametrize("words", [["--help"], ["metrics"], ["metrics", "--json"]])
def test_a_reader_that_went_away_is_no_error(words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = run_assay(*words, stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("words", [["--help"], ["metrics"]])
def test_a_closed_stdout_is_said(words: list[str]) -> None:
    command = ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-m", "assay", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("assay: standard output: it is closed")


def test_text_that_the_encoding_lacks_is_escaped() -> None:
    variables = {**os.environ, "PYTHONIOENCODING": "ascii", "ASSAY_STORE": "/żółw"}
    done = run_assay("config", "get", "store", stdout=subprocess.PIPE, env=variables)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "/\\u017c\\xf3\\u0142w\n"
