from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator

from assay.cli.app import run
from assay.errors import UsageError
from assay.record.diagnosis.life import Life
from assay.record.diagnosis.raw import FILES, LIFE_FILE
from assay.record.documents import document_schema
from tests.analyze.evidence.test_gather import FRAME_ROWS, stored, stream

MS = 1_000_000


@pytest.fixture
def sleeper(tmp_path: Path) -> str:
    """A stored run that slept on one line, ten visits of it; returns the store's place."""
    looks = [
        {"time_ns": ms * MS, "pid": 7, "tid": 7, "state": "S", "cpu_ns": ms * MS // 50, "delay_ns": 0, "call": 230}
        for ms in range(0, 2000, 20)
    ]
    stacks = [
        {"time_ns": ms * MS, "pid": 7, "tid": 7, "node": 0 if ms % 200 else 1, "running": False}
        for ms in range(0, 2000, 10)
    ]
    frames = [*FRAME_ROWS, {"parent": -1, "function": "other", "file": "/a.py", "line": 9}]
    life = Life(time_ns=0, event="seen", pid=7, executable="/usr/bin/python3.11", python="3.11")
    files = {
        FILES["threads"][0]: stream("threads", looks),
        FILES["stacks"][0]: stream("stacks", stacks),
        FILES["frames"][0]: stream("frames", frames),
        LIFE_FILE: msgspec.json.encode(life) + b"\n",
    }
    made = stored(tmp_path, files, wall_ns=2000 * MS)
    return str(made.folder.parent.parent)


def test_a_diagnosis_is_a_document_of_its_schema_and_kept(sleeper: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyze", "@latest", "--json", "--store", sleeper]) == 0
    text = capsys.readouterr().out
    document = json.loads(text)
    Draft202012Validator(document_schema("findings")).validate(document)
    assert [finding["pattern"] for finding in document["findings"]] == ["sleep_poll"]
    [kept] = Path(sleeper).glob("findings/*/findings.json")
    assert json.loads(kept.read_bytes()) == document
    assert run(["analyze", "@latest", "--json", "--store", sleeper]) == 0
    assert capsys.readouterr().out == text


def test_the_cause_is_named_for_people(sleeper: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyze", "@latest", "--store", sleeper]) == 0
    shown = capsys.readouterr()
    assert "It sleeps and looks again" in shown.out
    assert "/a.py:3 in main()" in shown.out
    assert "next: assay explain" in shown.err


def test_a_finding_is_explained_with_every_condition(sleeper: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "@latest", "--store", sleeper]) == 0
    text = capsys.readouterr().out
    assert "holds   wall(sleep) > 0.3" in text
    assert "how to verify" in text
    assert run(["explain", "@latest", "sleep_poll", "--json", "--store", sleeper]) == 0
    Draft202012Validator(document_schema("explain")).validate(json.loads(capsys.readouterr().out))


def test_what_kept_a_pattern_from_being_found_is_shown(sleeper: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "@latest", "--why-not", "list_pop_front", "--store", sleeper]) == 0
    text = capsys.readouterr().out
    assert "list_pop_front was not found" in text
    assert "fails   wall(cpu) > 0.3" in text
    assert run(["explain", "@latest", "--why-not", "copy_volume", "--store", sleeper]) == 0
    assert "could not be judged: the run has no native functions" in capsys.readouterr().out
    assert run(["explain", "@latest", "--why-not", "sleep_poll", "--store", sleeper]) == 1


def test_a_finding_that_is_not_there_is_answered_with_those_that_are(sleeper: str) -> None:
    with pytest.raises(UsageError, match=r"its findings: [0-9a-f]{6} \(sleep_poll\)"):
        run(["explain", "@latest", "ffffffffff", "--store", sleeper])


def test_a_run_that_travelled_is_judged_byte_for_byte_as_before(
    sleeper: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, elsewhere = str(tmp_path / "run.tar.zst"), str(tmp_path / "elsewhere")
    assert run(["analyze", "@latest", "--json", "--store", sleeper]) == 0
    text = capsys.readouterr().out
    assert run(["runs", "export", "@latest", "-o", archive, "--store", sleeper]) == 0
    assert run(["runs", "import", archive, "--store", elsewhere]) == 0
    capsys.readouterr()
    for _ in range(3):
        assert run(["analyze", "@latest", "--json", "--store", elsewhere]) == 0
        assert capsys.readouterr().out == text
