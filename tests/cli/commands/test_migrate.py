from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.cli.app import run
from assay.record.codec import decode_run
from assay.store import open_store
from tests.record.migration.results_v2 import aggregated, cycles


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store that the program uses, and a working folder with two old results and a file that is none."""
    monkeypatch.setenv("ASSAY_STORE", str(tmp_path / "store"))
    work = tmp_path / "work"
    work.mkdir()
    (work / "one.json").write_text(json.dumps(aggregated()), encoding="utf-8")
    (work / "two.json").write_text(json.dumps(cycles(2)), encoding="utf-8")
    (work / "none.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(work)
    return tmp_path / "store"


def stored(place: Path) -> set[str]:
    return {row.id for row in open_store(place).runs()}


def answered(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    run(["runs", "migrate", *words, "--json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_old_results_become_runs_of_the_store_and_are_named(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["runs", "migrate", "one.json", "two.json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[-1] for line in lines} == stored(place)
    assert [line.split()[:2] for line in lines] == [["migrated", "one.json"], *[["migrated", "two.json"]] * 2]


def test_a_second_time_says_that_it_was_there(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (first,) = answered(capsys, "one.json")["changes"]
    (second,) = answered(capsys, "one.json")["changes"]
    assert second == {**first, "result": "was there already"}
    assert stored(place) == {first["run"]}


def test_runs_are_written_to_a_folder_and_the_store_stays_empty(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = answered(capsys, "two.json", "-o", "new/runs")
    assert document["verb"] == "migrate"
    for change in document["changes"]:
        path = Path(change["result"])
        assert path == Path("new/runs") / f"{change['run']}.json"
        assert decode_run(path.read_bytes(), str(path)).id == change["run"]
    assert stored(place) == set()


def test_a_folder_and_the_store_together(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = answered(capsys, "one.json", "-o", "new", "--into-store")
    ids = [change["run"] for change in document["changes"]]
    assert len(ids) == 2
    assert set(ids) == stored(place)


def test_a_file_that_is_no_result_gets_its_line_and_stops_no_other(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["runs", "migrate", "none.json", "missing.json", "one.json"]) == 2
    out, err = capsys.readouterr()
    assert [line.split(":")[:2] for line in err.splitlines()] == [
        ["assay", f" {name}.json#/"] for name in ("none", "missing")
    ]
    assert len(out.splitlines()) == len(stored(place)) == 1
