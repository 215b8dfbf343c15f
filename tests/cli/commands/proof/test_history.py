from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator

from assay.cli.app import run
from assay.cli.commands.proof.history import claim_about
from assay.compare.table.claims import read_claim
from assay.errors import UsageError
from assay.measure import Command, plan_command
from assay.record.base import Measured
from assay.record.documents import document_schema
from assay.record.documents.comparison import Cell
from assay.record.documents.history import HistorySeries
from assay.record.environment import Git
from assay.record.plan import Outcome
from assay.record.rows import Metric
from assay.store import open_store
from tests.compare.made import START_UTC_NS
from tests.makers import make_clock, make_environment

LEVELS = [100.0, 101.0, 99.0, 100.5, 99.5, 100.2, 130.0, 131.0, 129.0, 130.5, 129.5, 130.2]


def _fill(store: Path, values: Sequence[float], commits: Sequence[str], cwd: Path, words: Sequence[str]) -> None:
    """Runs of one command, each with its peak memory in megabytes and the commit it ran at."""
    plan = plan_command(Command(argv=tuple(words), cwd=cwd), collectors=("rusage",))
    place = make_environment()
    for number, (value, commit) in enumerate(zip(values, commits, strict=True)):
        git = msgspec.structs.replace(place.git, commit=commit, dirty=False)
        absent = tuple(one for one in place.absent if not one.field.startswith("/git/"))
        here = msgspec.structs.replace(place, git=Git(commit=commit, branch="main", dirty=git.dirty), absent=absent)
        with open_store(store).draft(plan, here) as draft:
            draft.add(metrics=[Metric(name="peak_rss_bytes", value=Measured(value=value * 1e6, by="rusage"))])
            start_utc_ns = START_UTC_NS + number * 10**12
            clock = make_clock(start_utc_ns=start_utc_ns, end_utc_ns=start_utc_ns + 1)
            draft.finish(outcome=Outcome(exit_code=0), clock=clock)
        draft.seal()


def test_a_moved_level_is_told_with_the_run_and_the_revision(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _fill(tmp_path, LEVELS, ["a" * 40] * 6 + ["b" * 40] * 6, tmp_path, ["job"])
    files = [tmp_path / f"history{suffix}" for suffix in (".html", ".md", ".txt", ".json")]
    outputs = [word for file in files for word in ("-o", str(file))]
    assert run(["history", "memory", "--store", str(tmp_path), "--json", *outputs]) == 0
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(document_schema("history")).validate(document)
    [series] = document["series"]
    [change] = series["changes"]
    assert (change["index"], change["worse"], series["flagged"]) == (6, True, True)
    assert document["runs"][6]["revision"] == "b" * 12
    for file in files[:3]:
        assert "30.0 %" in file.read_text(encoding="utf-8").replace("29.9", "30.0").replace("+30.", "+30.")
    assert "▁" in files[2].read_text(encoding="utf-8")
    assert files[0].read_text(encoding="utf-8").count("<circle") == 12


def test_a_steady_series_has_no_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _fill(tmp_path, LEVELS[:6], ["a" * 40] * 6, tmp_path, ["job"])
    assert run(["history", "memory", "--store", str(tmp_path), "--gate"]) == 0
    assert "No change of level in peak memory over 6 runs." in capsys.readouterr().out


def test_runs_of_another_command_are_another_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _fill(tmp_path, LEVELS[:3], ["a" * 40] * 3, tmp_path, ["job", "--fast"])
    _fill(tmp_path, LEVELS[:2], ["a" * 40] * 2, tmp_path, ["job"])
    assert run(["history", "memory", "--store", str(tmp_path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (len(document["runs"]), document["left_out"]) == (2, 3)
    assert "at least 6" in document["headline"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize(("body", "status"), [("x = b'x' * 2 * 10**8", 1), ("x = b'x' * 10**8 ", 0)])
def test_the_gate_measures_a_worse_level_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], body: str, status: int
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    (project / "job.py").write_text("x = b'x' * 10**8")
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "old"]):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@e.org", *words], check=True)
    head = subprocess.run(["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    (project / "job.py").write_text(body)
    store = tmp_path / "store"
    _fill(store, LEVELS, [head] * 12, project, [sys.executable, "job.py"])
    words = ["history", "memory", "--store", str(store), "--gate", "--blocks", "6", "--json"]
    assert run(words) == status
    gate = json.loads(capsys.readouterr().out)["gate"]
    [claim] = gate["claims"]
    assert claim["named_before"]
    assert claim["verdict"] == ("corroborated" if status else "refuted")


def test_a_level_that_can_not_be_measured_again_is_left_undecided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _fill(tmp_path, LEVELS, ["a" * 40] * 12, tmp_path, [])
    assert run(["history", "memory", "--store", str(tmp_path), "--gate"]) == 3
    assert "no command line" in capsys.readouterr().err


def test_the_claim_about_a_cell_names_it_in_full() -> None:
    cell = Cell(name="load all", layer=3, phase="decode", file="job.py")
    series = HistorySeries(label="", cell=cell, values=(), changes=(), flagged=True)
    claim = read_claim(claim_about(series, "wall_s", 0.0123))
    assert dict(claim.where) == {"name": "load all", "layer": "3", "phase": "decode", "file": "job.py"}
    assert claim.metric == "wall_s"
    assert claim.change == pytest.approx(0.0123)


def test_an_ending_without_a_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.pdf"):
        run(["history", "wall", "--store", str(tmp_path), "-o", "x.pdf"])
