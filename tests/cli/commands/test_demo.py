from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.cli.app import run
from assay.errors import UsageError
from assay.store import open_store


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and a store beside it."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("ASSAY_STORE", str(tmp_path / "store"))
    return here


def test_a_demo_measures_reports_and_can_be_removed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--blocks", "1", "--seed", "5"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("assay demo: a slow ingest job and its repair\n")
    assert "Inconclusive: whether after is faster than before can't be said" in out
    assert "at least 6 are needed" in out
    assert "all 2 runs printed the same bytes" in out
    assert "+    seen: set[str] = set()" in out
    assert "(seed 5)" in out
    assert "report: report.html" in err
    assert "assay demo --remove" in err.splitlines()[-1]
    assert (place / "report.html").read_text().startswith("<!DOCTYPE html>")

    rows = open_store(place.parent / "store").runs(tag="demo-*")
    assert len(rows) == 2
    assert {tag[-2:] for row in rows for tag in row.tags} == {"A0", "B0"}
    sittings = {open_store(place.parent / "store").get(row.id).record.position.session for row in rows}
    assert run(["report", "--session", str(sittings.pop()), "-o", "again.md"]) == 0
    assert (place / "again.md").read_text().startswith("# ingest")

    assert run(["demo", "--remove"]) == 0
    assert open_store(place.parent / "store").runs() == []


def test_with_json_one_document_is_all_that_is_printed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--blocks", "1", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["document"], document["version"]) == ("report", 1)
    assert [side["label"] for side in document["sides"]] == ["before", "after"]
    assert document["compared"][0]["answer"] == "inconclusive"
    assert list(place.iterdir()) == []


def test_a_report_that_is_there_already_is_not_written_over(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "report.html").write_text("mine")
    assert run(["demo", "--blocks", "1"]) == 0
    assert (place / "report.html").read_text() == "mine"
    (line,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("report: ")]
    written = Path(line.removeprefix("report: "))
    assert written.is_relative_to(place.parent / "store")
    assert written.read_text().startswith("<!DOCTYPE html>")


def test_an_unknown_ending_is_refused_before_anything_is_measured(place: Path) -> None:
    with pytest.raises(UsageError, match=r"\.pdf"):
        run(["demo", "-o", "report.pdf"])
    assert open_store(place.parent / "store").runs() == []
