from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from assay.cli.app import run
from assay.errors import PlanError, UsageError
from assay.record.documents import document_schema
from tests.measure.launching import python

QUICK = ["--cycles", "2", "--repetitions", "1", "--warmup", "0", "--baseline", "0", "--energy", "hwmon"]


@pytest.fixture
def store(tmp_path: Path) -> list[str]:
    return ["--store", str(tmp_path / "store")]


def test_the_document_follows_its_schema_and_the_table_has_one_row_a_cycle(
    tmp_path: Path, store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "cycles.csv"
    assert run([*store, "measure", *QUICK, "--json", "-o", str(table), "--", *python("pass")]) == 0
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(document_schema("measure")).validate(document)
    assert len(document["runs"]) == 2
    assert len(table.read_text(encoding="utf-8").splitlines()) == 3


def test_flags_stand_above_the_file(tmp_path: Path, store: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "experiment.yaml"
    words = json.dumps(list(python("pass")))
    file.write_text(
        f"command: {words}\ncycles: 1\nwarmup: 0\nrepetitions: 2\nbaseline_s: 0\nenergy: [hwmon]\nname: a\n"
    )
    assert run([*store, "measure", "--file", str(file), "--name", "b", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "b"


def test_a_launch_that_fails_is_the_answer_1_and_a_wrong_experiment_is_refused_with_2(
    store: list[str],
) -> None:
    assert run([*store, "measure", *QUICK, "--", *python("raise SystemExit(3)")]) == 1
    with pytest.raises(PlanError, match="3 things are wrong"):
        run([*store, "measure", "--cycles", "0", "--energy", "nvlm"])
    with pytest.raises(UsageError, match="suffix"):
        run([*store, "measure", "-o", "x.pdf", "--", "true"])
