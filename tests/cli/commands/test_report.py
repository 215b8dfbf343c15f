from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.cli.app import run
from assay.errors import AssayError, RunNotFoundError, UsageError
from tests.stores import fill


@pytest.fixture
def ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two runs in the store of this test, oldest first."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSAY_STORE", str(tmp_path / "store"))
    return fill(tmp_path / "store", count=2)


def test_a_report_is_text_and_ends_in_what_to_do(ids: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", ids[0]]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("tiny\n====\n")
    assert "! warning: Others worked too." in out
    assert err.splitlines()[-1] == f"next: assay report {ids[0]} -o report.html"


def test_files_take_their_format_from_their_ending(
    ids: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["a.html", "a.md", "a.json", "a.csv", "a.txt"]
    assert run(["report", "@latest", *(word for name in names for word in ("-o", name))]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1] == f"report: {', '.join(names)}; next: assay runs show {ids[1]}"
    beginnings = [(tmp_path / name).read_text()[:6] for name in names]
    assert beginnings == ["<!DOCT", "# tiny", '{\n  "d', "side,t", "tiny\n="]


def test_without_a_name_the_newest_run_is_reported(ids: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [line["id"] for line in document["sides"][0]["runs"]] == [ids[1]]


def test_several_runs_make_one_report_and_the_same_run_counts_once(
    ids: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", ids[0], ids[1], "@latest", "--title", "Both", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["title"] == "Both"
    assert [line["id"] for line in document["sides"][0]["runs"]] == ids


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["report", "01JZZZ"], RunNotFoundError),
        (["report", "--session", "never"], RunNotFoundError),
        (["report", "@latest", "--session", "x"], UsageError),
        (["report", "-o", "report.exe"], UsageError),
    ],
)
@pytest.mark.usefixtures("ids")
def test_what_can_not_be_reported_says_what_to_do(words: list[str], kind: type[AssayError]) -> None:
    with pytest.raises(kind) as caught:
        run(words)
    assert caught.value.remedy
