from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from assay.cli.app import run
from assay.cli.commands.proof.compare import STATUSES
from assay.errors import UsageError
from assay.record.documents import document_schema
from assay.record.documents.comparison import Outcome
from assay.store import open_store
from tests.compare.made import Maker, with_cpu
from tests.makers import make_environment


def test_every_verdict_has_its_status() -> None:
    assert {name.value: status for name, status in STATUSES.items()} == {
        "corroborated": 0,
        "equivalent": 0,
        "refuted": 1,
        "inconclusive": 3,
        "not_comparable": 4,
    }
    assert set(STATUSES) == set(Outcome)


def test_the_status_follows_the_verdict_and_the_document_its_schema(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Maker(folder=tmp_path, factors={(2, "FFN"): 0.9}).sides()
    words = ["compare", "--store", str(tmp_path), "--json"]
    asked: tuple[tuple[list[str], int], ...] = (
        (["session:sitting"], 0),
        (["session:sitting/B", "session:sitting/A"], 1),
        (["session:sitting", "--claim", "layer=2 step=FFN -30%"], 1),
        (["session:sitting", "--metric", "flops"], 0),
        (["@latest", "@-2"], 3),
    )
    for sides, status in asked:
        assert run([*words, *sides]) == status, sides
        document = json.loads(capsys.readouterr().out)
        Draft202012Validator(document_schema("compare")).validate(document)
        assert STATUSES[Outcome(document["verdict"])] == status


def test_what_can_not_be_compared_ends_with_4_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slow, fast = (with_cpu(make_environment(), governor=name) for name in ("powersave", "performance"))
    Maker(folder=tmp_path, blocks=1, layers=1, environment=slow).sides(environment=fast)
    assert run(["compare", "--store", str(tmp_path), "session:sitting"]) == 4
    printed = capsys.readouterr()
    assert printed.out.startswith("NOT COMPARABLE")
    assert "frequency governor" in printed.out
    assert "--across governor" in printed.err


def test_two_commands_are_measured_in_turns_and_carry_the_claim(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    large, small = (f"{sys.executable} -c 'x = b\"x\" * {size}'" for size in (10**8, 10))
    words = ["compare", "--store", str(tmp_path), "--run", large, "--run", small, "-n", "6"]
    # memory, which a busy machine leaves alone
    assert run([*words, "--metric", "memory", "--claim", "memory -10%", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    [claim] = document["claims"]
    assert (claim["named_before"], document["design"]["blocks"]) == (True, 6)
    rows = open_store(tmp_path).runs()
    assert len(rows) == 12
    assert {row.side for row in rows} == {"A", "B"}
    record = open_store(tmp_path).get(rows[0].id).record
    assert [one.claim for one in record.expectations] == ["memory -10%"]


def test_a_command_that_fails_ends_the_comparison_and_its_run_is_kept(tmp_path: Path) -> None:
    good, bad = f"{sys.executable} -c pass", f"{sys.executable} -c 'raise SystemExit(3)'"
    with pytest.raises(Exception, match="exit status 3"):
        run(["compare", "--store", str(tmp_path), "--run", good, "--run", bad, "-n", "6"])
    assert "failed" in {row.status for row in open_store(tmp_path).runs()}


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ([], "two sides are needed"),
        (["a"], "two sides are needed"),
        (["a", "b", "--metric", "wal"], "no metric 'wal'"),
        (["a", "--run", "true", "--run", "true"], "leave the names of runs out"),
        (["a", "b", "--claim", "wall"], "by how much"),
    ],
)
def test_a_question_that_can_not_be_asked_is_a_usage_error(tmp_path: Path, words: list[str], what: str) -> None:
    Maker(folder=tmp_path, blocks=1, layers=1).sides()
    store = open_store(tmp_path)
    for row, tag in zip(store.runs(), "ab", strict=True):
        store.tag(row.id, tag)
    with pytest.raises(UsageError, match=what):
        run(["compare", "--store", str(tmp_path), *words])


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_two_revisions_of_a_repository_are_built_and_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "slow"]):
        (project / "job.py").write_text("x = b'x' * 10**8")
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@e.org", *words], check=True)
    (project / "job.py").write_text("import sys")
    words = ["compare", "--store", str(tmp_path / "store"), "--json", "--worktree", "HEAD", "-n", "6"]
    words += ["--metric", "memory"]
    assert run([*words, "--build", "cp job.py built.py", "--run", f"{sys.executable} built.py"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["verdict"], document["total"]["direction"]) == ("corroborated", "less")
    assert len(document["baseline"]["name"]) == 12
    assert document["candidate"]["name"] == "the folder as it is"
