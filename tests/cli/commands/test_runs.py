from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assay.cli.app import run
from assay.errors import AssayError, RunNotFoundError, StoreError, UsageError
from assay.record.enums import Status
from assay.store import open_store
from tests.stores import fill

Call = Callable[..., Any]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store that the program uses, and a working folder."""
    monkeypatch.setenv("ASSAY_STORE", str(tmp_path / "store"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "store"


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    run([*words, "--json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    return [line["id"] for line in asked(capsys, "runs", "list", *words)["runs"]]


def test_filters_choose_and_sorts_order(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = fill(place, count=2)
    broken = fill(place, status=Status.FAILED, name="other")
    assert listed(capsys) == [*broken, *reversed(whole)]
    assert listed(capsys, "--status", "failed") == broken
    assert listed(capsys, "--target", "other") == broken
    assert listed(capsys, "--limit", "1") == broken
    assert listed(capsys, "--since", "1d", "--limit", "0") == listed(capsys)
    assert listed(capsys, "--until", "1d") == []
    assert listed(capsys, "--sort", "target")[0] in broken
    assert len(listed(capsys, "--sort", "wall_s", "--limit", "2")) == 2


def test_a_limit_speaks_of_the_rest(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(place, count=3)
    run(["runs", "list", "--limit", "2"])
    assert "the first 2; --limit 0 shows all" in capsys.readouterr().err
    run(["runs", "list", "--limit", "3"])
    assert capsys.readouterr().err == ""


def test_a_damaged_run_is_not_missed_by_nobody_noticing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole, damaged = fill(place, count=2)
    (place / "runs" / damaged / "run.json").write_text("{")
    assert listed(capsys) == [whole]
    run(["runs", "list"])
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"assay: one run can't be read, such as {damaged}: ")
    assert line.endswith(f"; see `assay runs validate {damaged}`")
    assert run(["runs", "validate", damaged]) == 2


def test_no_fitting_run_is_told_from_no_run(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["runs", "list"])
    assert "assay demo" in capsys.readouterr().err
    fill(place)
    run(["runs", "list", "--status", "failed"])
    assert "no run fits" in capsys.readouterr().err


def test_the_list_is_written_as_csv(place: Path) -> None:
    (run_id,) = fill(place)
    run(["runs", "list", "-q", "-o", "runs.csv"])
    assert Path("runs.csv").read_text(encoding="utf-8").splitlines()[1].startswith(f"{run_id},")


def test_json_of_show_is_the_record_itself(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run_id,) = fill(place)
    assert asked(capsys, "runs", "show", "@latest") == json.loads((place / "runs" / run_id / "run.json").read_bytes())


def test_a_section_is_shown_alone(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(place)
    run(["runs", "show", "@latest", "--section", "environment"])
    assert capsys.readouterr().out.startswith("hostname_sha256")
    with pytest.raises(UsageError, match="give one"):
        run(["runs", "show", "@latest", "--section", "environment", "--json"])


def test_diff_answers_by_its_status(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(place, count=2)
    fill(place, name="other")
    assert run(["runs", "diff", "@-2", "@-3"]) == 0
    assert run(["runs", "diff", "@-2", "@latest"]) == 1
    assert run(["runs", "diff", "@-2", "@latest", "--only", "machine"]) == 0
    found = asked(capsys, "runs", "diff", "@-2", "@latest")
    assert [(item["a"], item["b"]) for item in found["differences"]] == [("tiny", "other")]
    assert not found["same_workload"]


def test_a_tag_is_given_moved_and_taken_away(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = fill(place, count=2)
    for run_id in (first, second):
        run(["runs", "tag", run_id, "base"])
        assert asked(capsys, "runs", "show", "base")["id"] == run_id
    run(["runs", "untag", "base"])
    with pytest.raises(RunNotFoundError):
        run(["runs", "show", "base"])
    with pytest.raises(StoreError, match="there is no tag 'base'"):
        run(["runs", "untag", "base"])


def test_removing_needs_a_yes_and_takes_all_or_none(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = fill(place, count=2)
    for words in (["@latest"], ["@latest", "nonsense", "--yes"]):
        with pytest.raises(AssayError):
            run(["runs", "remove", *words])
    assert run(["runs", "remove", *ids, "--dry-run"]) == 0
    assert len(listed(capsys)) == 2
    assert run(["runs", "remove", *ids, ids[0], "--yes"]) == 0
    assert listed(capsys) == []


def test_a_run_travels_through_a_file(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run_id,) = fill(place, spans=5)
    run(["runs", "export", "@latest", "-o", "run.tar.gz", "-o", "run.json"])
    run(["runs", "remove", "@latest", "--yes"])
    assert run(["runs", "import", "missing.tar", "run.tar.gz"]) == 2
    said = capsys.readouterr()
    assert f"imported run.tar.gz as {run_id}" in said.out
    assert said.err.startswith("assay: missing.tar")
    assert run(["runs", "import", "run.tar.gz"]) == 0
    assert "was there already" in capsys.readouterr().out
    assert open_store(place).get(run_id).spans().num_rows == 5


def test_what_is_bad_gets_one_line_and_what_is_good_is_said(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(place)
    Path("bad.json").write_text('{"id": 3}', encoding="utf-8")
    Path("long.json").write_text('{"' + "x" * 5000 + '": 3}', encoding="utf-8")
    assert run(["runs", "validate", "@latest", "bad.json", "long.json", "none.json", "nobody", "/proc/self/mem"]) == 2
    said = capsys.readouterr()
    assert said.out.startswith("valid  @latest")
    assert len(said.out.splitlines()) == 1
    lines = said.err.splitlines()
    assert [line.split()[1].partition("#")[0].rstrip(":") for line in lines[:3]] == [
        "bad.json",
        "long.json",
        "none.json",
    ]
    assert len(lines) == 5
    assert max(map(len, lines)) <= 500
    assert run(["runs", "validate", "@latest"]) == 0


def test_every_problem_of_a_run_is_shown_when_asked_for(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run_id,) = fill(place, spans=5)
    for path in (place / "runs" / run_id).rglob("*.parquet"):
        path.write_bytes(b"PAR1")
    assert run(["runs", "validate", run_id]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "more; -v shows them" in line
    assert run(["runs", "validate", run_id, "-v"]) == 2
    assert len(capsys.readouterr().err.splitlines()) > 1


def test_the_index_is_rebuilt(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(place, count=2)
    assert run(["runs", "reindex"]) == 0
    assert capsys.readouterr().out == f"indexed 2 runs -> {place}\n"


def test_nothing_to_salvage_is_said(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(place)
    assert run(["runs", "salvage"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "nothing was left behind\n")
