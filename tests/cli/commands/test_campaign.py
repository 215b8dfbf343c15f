from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from assay.cli.app import run
from assay.errors import PlanError
from assay.record.documents import document_schema
from tests.campaign.files import campaign_file


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("ASSAY_LOCKS", str(tmp_path / "locks"))
    return ["--store", str(tmp_path / "store")]


def test_a_campaign_is_planned_carried_out_shown_and_reported_by_documents_with_schemas(
    tmp_path: Path, store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(campaign_file(tmp_path))

    def document(name: str, *words: str) -> dict[str, Any]:
        run([*store, "campaign", *words, file, "--json"])
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        Draft202012Validator(document_schema(f"campaign.{name}")).validate(found)
        return found

    assert len(document("plan", "plan")["experiments"]) == 2
    assert document("status", "status")["state"] == "not_begun"
    assert document("status", "run")["state"] == "complete"
    with pytest.raises(PlanError, match="begun already"):
        run([*store, "campaign", "run", file])
    assert document("status", "resume")["done"] == 2
    assert document("status", "stop")["state"] == "complete"
    report = document("report", "report")
    assert [cell["cycles_done"] for cell in report["cells"]] == [1, 1]
    table = tmp_path / "runs.csv"
    assert run([*store, "campaign", "report", file, "-o", str(table)]) == 0
    assert len(table.read_text(encoding="utf-8").splitlines()) == 3


def test_a_campaign_with_failures_is_the_answer_1(tmp_path: Path, store: list[str]) -> None:
    file = str(campaign_file(tmp_path, code="raise SystemExit(1)"))
    assert run([*store, "campaign", "run", file]) == 1


def test_faults_of_a_file_are_refused_before_anything_is_made(tmp_path: Path, store: list[str]) -> None:
    file = campaign_file(tmp_path, order="odd")
    with pytest.raises(PlanError, match="order is 'odd'"):
        run([*store, "campaign", "run", str(file)])
    assert not (tmp_path / "store").exists()
